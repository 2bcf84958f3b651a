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

    [Fact]
    public async Task Bills_of_the_same_home_give_the_same_answer_in_the_same_shape()
    {
        Write();
        await WriteBillsAsync();

        var (exit, output) = await EstimateAsync("--bills", "--json");

        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        (root.GetProperty("status").GetString(), root.GetProperty("verdict").GetString()).Should().Be(("PASS", "saved"));
        (root.GetProperty("statistics").GetProperty("days").GetInt32(), root.GetProperty("savings").GetProperty("bills").GetInt32()).Should().Be((12, 10));
        root.GetProperty("model").GetProperty("betaHdd").GetDouble().Should().BeApproximately(0.5, 0.02);
        var savings = root.GetProperty("savings");
        savings.GetProperty("savings").GetDouble().Should().BeApproximately(savings.GetProperty("heating").GetDouble() / 2, 0.1 * savings.GetProperty("heating").GetDouble());
        root.GetProperty("warnings")[0].GetProperty("code").GetString().Should().Be("bill-too-short");
    }

    [Fact]
    public async Task On_a_normal_year_both_years_are_compared_if_the_second_is_one()
    {
        Write();

        var (exit, output) = await EstimateAsync(["--normal-year", Outside]);
        exit.Should().Be(2);
        output.Should().Contain("--normal-year: outside.csv has temperatures for 70").And.Contain("give all 365 or 366 of a year");

        await File.WriteAllTextAsync(Use + ".year", "day_utc,mean,count\n" + string.Concat(Enumerable.Range(0, 365).Select(d => string.Create(CultureInfo.InvariantCulture, $"{new DateTime(2023, 1, 1).AddDays(d):yyyy-MM-dd},{d % 30},24\n"))), TestContext.Current.CancellationToken);
        (exit, output) = await EstimateAsync(["--normal-year", Use + ".year"]);
        (exit, output.Contains("no normal  of the year after: wrong-baseline-length: 333 (bound 365)", StringComparison.Ordinal)).Should().Be((0, true), output);

        // As if the change had come a year earlier.
        (exit, output) = await EstimateAsync(["--normal-year", Use + ".year", "--json"], reporting: "2025-12-02..2026-12-01", baseline: "2024-12-01..2025-11-30");
        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        var normalised = json.RootElement.GetProperty("normalised");
        normalised.GetProperty("savings").GetDouble().Should().BeApproximately(normalised.GetProperty("baseline").GetDouble() - normalised.GetProperty("reporting").GetDouble(), 1e-9);
        normalised.GetProperty("savings").GetDouble().Should().BeGreaterThan(normalised.GetProperty("band").GetDouble());
    }

    [Theory]
    [InlineData("start,value\n2025-01-03,5\n2025-02-03,6\n", "line 3, column value: the last row ends the last bill")]
    [InlineData("start,value\n2025-01-03,5\n2025-01-03,\n", "does not lie after the read before")]
    [InlineData("start,value,estimated\n2025-01-03,5,perhaps\n2025-02-03,,\n", "'perhaps' is neither true nor false")]
    [InlineData("day,value\n", "the first line must be start,value or start,value,estimated")]
    public async Task A_bad_bill_is_named(string file, string expected)
    {
        Write();
        await File.WriteAllTextAsync(Use, file, TestContext.Current.CancellationToken);

        var (exit, output) = await EstimateAsync("--bills");

        (exit, output.Contains(expected, StringComparison.Ordinal)).Should().Be((2, true), output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<(int ExitCode, string Output)> EstimateAsync(params string[] more) => EstimateAsync(more, "2026-01-02..2026-11-30");

    private async Task<(int ExitCode, string Output)> EstimateAsync(string[] more, string reporting = "2026-01-02..2026-11-30", string baseline = "2025-01-01..2025-12-31")
    {
        await using var grid = new ServedGrid();
        return await grid.CommandAsync(["savings", "estimate", "--readings", Use, "--temperature", Outside, "--baseline", baseline, "--reporting", reporting, .. more]);
    }

    // A bill every month of the half-hours of Write, from the first of January 2025 on; the first of 2026 of ten days, the next of the rest, then eight months.
    private async Task WriteBillsAsync()
    {
        var days = (await File.ReadAllLinesAsync(Use, TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split(','))
            .GroupBy(row => row[0][..10], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(row => double.Parse(row[1], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
        List<DateTime> reads = [.. Enumerable.Range(0, 12).Select(m => new DateTime(2025, 1, 1).AddMonths(m)), new(2026, 1, 1), new(2026, 1, 11), .. Enumerable.Range(0, 10).Select(m => new DateTime(2026, 2, 10).AddMonths(m))];
        var rows = reads.Zip(reads.Skip(1), (from, to) => string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd},{days.Where(d => string.CompareOrdinal(d.Key, $"{from:yyyy-MM-dd}") >= 0 && string.CompareOrdinal(d.Key, $"{to:yyyy-MM-dd}") < 0).Sum(d => d.Value):0.###}"));
        await File.WriteAllLinesAsync(Use, ["start,value", .. rows, $"{reads[^1]:yyyy-MM-dd},"], TestContext.Current.CancellationToken);
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
