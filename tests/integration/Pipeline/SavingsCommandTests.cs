using System.Globalization;
using System.Text.Json;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>The savings method as somebody types it who wants to check it.</summary>
public sealed class SavingsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-savings-").FullName;

    private string Use => Path.Combine(_folder, "use.csv");

    private string Outside => Path.Combine(_folder, "outside.csv");

    [Fact]
    public async Task A_home_that_halves_its_heating_is_told_so_with_model_and_band()
    {
        Write();

        var (exit, output) = await EstimateAsync("--json");

        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        root.GetProperty("status").GetString().Should().Be("PASS");
        root.GetProperty("verdict").GetString().Should().Be("saved");
        root.GetProperty("model").GetProperty("heatingBalancePointF").GetDouble().Should().BeApproximately(59, 1);
        var savings = root.GetProperty("savings");
        savings.GetProperty("savings").GetDouble().Should().BeApproximately(savings.GetProperty("heating").GetDouble() / 2, 0.1 * savings.GetProperty("heating").GetDouble());
        savings.GetProperty("bands").GetProperty("fsu").GetDouble().Should().BePositive();
    }

    [Fact]
    public async Task In_words_it_says_the_model_in_degrees_celsius()
    {
        Write();

        var (exit, output) = await EstimateAsync();

        exit.Should().Be(0, output);
        output.Should().Contain("for each °C below 15").And.Contain("verdict    saved").And.MatchRegex(@"difference +\d+(\.\d+)? ± \d{1,3}(\.\d+)? \(90 %\)");
    }

    [Fact]
    public async Task A_bad_cell_and_a_bad_range_are_named()
    {
        Write();
        await File.AppendAllTextAsync(Use, "2026-12-01T00:00:00Z,much\n", TestContext.Current.CancellationToken);

        var (exit, output) = await EstimateAsync();
        exit.Should().Be(2);
        output.Should().Contain("use.csv, line").And.Contain("column value").And.Contain("'much' is no number");

        await using var grid = new ServedGrid();
        (exit, output) = await grid.CommandAsync("savings", "estimate", "--readings", Use, "--temperature", Outside, "--baseline", "2025", "--reporting", "2026-01-02..2026-06-30");
        exit.Should().Be(2);
        output.Should().Contain("--baseline: '2025' is no range of days");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int ExitCode, string Output)> EstimateAsync(params string[] more)
    {
        await using var grid = new ServedGrid();
        return await grid.CommandAsync(["savings", "estimate", "--readings", Use, "--temperature", Outside, "--baseline", "2025-01-01..2025-12-31", "--reporting", "2026-01-02..2026-11-30", .. more]);
    }

    // Half-hours in kWh and hours in °C; each degree below 15 °C takes 0.9 kWh a day, half of it from 2026 on.
    private void Write()
    {
        using StreamWriter use = new(Use), outside = new(Outside);
        use.WriteLine("start,value");
        outside.WriteLine("start,value");
        Random random = new(4);
        for (var day = new DateTime(2024, 12, 30, 0, 0, 0, DateTimeKind.Utc); day < new DateTime(2026, 12, 1, 0, 0, 0, DateTimeKind.Utc); day = day.AddDays(1))
        {
            var celsius = 12 - (9 * Math.Cos(2 * Math.PI * (day.DayOfYear - 15) / 365)) + (4 * random.NextDouble()) - 2;
            var kwh = 6 + random.NextDouble() + (Math.Max(15 - celsius, 0) * (day.Year < 2026 ? 0.9 : 0.45));
            for (var slot = 0; slot < 48; slot++)
            {
                var at = day.AddMinutes(30 * slot).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                use.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at},{kwh / 48:0.#####}"));
                if (slot % 2 == 0) outside.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at},{celsius:0.##}"));
            }
        }
    }
}
