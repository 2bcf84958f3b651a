using System.Globalization;
using System.Text;
using System.Text.Json;
using Grid.Domain;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>An Enedis export as a resident brings it along.</summary>
public sealed class ConsumptionCommandTests : IDisposable
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-enedis-").FullName;

    [Theory]
    [InlineData(2025, 10, 26, 50)]
    [InlineData(2026, 3, 29, 46)]
    public async Task A_day_on_which_the_clocks_change_has_50_or_46_half_hours_and_all_its_energy(int year, int month, int day, int halfHours)
    {
        var change = new LocalDate(year, month, day);
        var file = Write(Paris.SlotsOf(change.PlusDays(-2)).Skip(1).Concat(Paris.SlotsOf(change)).Select(slot => (slot.End, 301)));

        var (exit, output) = await ImportAsync(file, "--json");

        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("days").EnumerateArray().Select(Of).Should().Equal((47, 47 * 0.1505m, "partial"), (0, null, "unknown"), (halfHours, halfHours * 0.1505m, "measured"));
        var whole = json.RootElement.GetProperty("months").EnumerateArray().Should().ContainSingle().Subject;
        whole.GetProperty("kwh").GetDecimal().Should().Be((47 + halfHours) * 0.1505m);
        whole.GetProperty("quality").GetString().Should().Be("partial");
        json.RootElement.GetProperty("totalKwh").GetDecimal().Should().Be((47 + halfHours) * 0.1505m);
    }

    [Fact]
    public async Task In_words_it_lists_days_and_months()
    {
        var (exit, output) = await ImportAsync(Write(Paris.SlotsOf(new(2025, 10, 26)).Select(slot => (slot.End, 1_000))));

        exit.Should().Be(0, output);
        output.Should().Contain("01234567890123: 25.000 kWh on 1 day").And.Contain("2025-10          25.000 kWh  1 of 31 days complete").And.Contain("2025-10-26       25.000 kWh  50 intervals");
    }

    [Fact]
    public async Task A_bad_value_and_a_missing_file_are_named()
    {
        var file = Write([(Instant.FromUtc(2026, 1, 1, 0, 30), 100)]);
        await File.AppendAllTextAsync(file, "2026-01-01T02:00:00+01:00;much\n", TestContext.Current.CancellationToken);

        var (exit, output) = await ImportAsync(file);
        exit.Should().Be(2);
        output.Should().Contain("line 5, column Valeur: 'much' is no whole number of W");

        (exit, output) = await ImportAsync(Path.Combine(_folder, "absent.csv"));
        exit.Should().Be(2);
        output.Should().Contain("There is no file");

        (exit, output) = await ImportAsync(_folder);
        exit.Should().Be(2);
        output.Should().Contain("it is a folder: name a file in it");
    }

    [Fact]
    public async Task A_day_of_which_every_second_half_hour_is_missing_is_partial()
    {
        var day = Paris.SlotsOf(new(2026, 1, 14));
        var file = Write(day.Where((_, i) => i % 2 == 1).Select(slot => (slot.End, 1_000)), "30");

        var (exit, output) = await ImportAsync(file, "--json");

        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("days").EnumerateArray().Select(Of).Should().Equal((24, 12m, "partial"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Intervals, decimal? Kwh, string? Quality) Of(JsonElement day) =>
        (day.GetProperty("intervals").GetInt32(), day.GetProperty("kwh") is { ValueKind: JsonValueKind.Number } kwh ? kwh.GetDecimal() : null, day.GetProperty("quality").GetString());

    private static async Task<(int ExitCode, string Output)> ImportAsync(string file, params string[] more)
    {
        await using var grid = new ServedGrid();
        return await grid.CommandAsync(["consumption", "import-enedis", file, .. more]);
    }

    private string Write(IEnumerable<(Instant End, int Watts)> rows, string minutes = "")
    {
        var path = Path.Combine(_folder, "curve.csv");
        StringBuilder text = new($"Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite;Pas en minutes\n01234567890123;Courbe de charge;;;Energie active;Consommation;Comptage Brut;W;{minutes}\nHorodate;Valeur\n");
        foreach (var (end, watts) in rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"{Paris.Local(end).ToString("yyyy-MM-dd'T'HH:mm:sso<+HH:mm>", CultureInfo.InvariantCulture)};{watts}");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
