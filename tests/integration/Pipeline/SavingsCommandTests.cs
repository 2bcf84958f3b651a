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

    [Fact]
    public async Task A_day_below_zero_after_the_change_is_not_counted_as_saved()
    {
        WriteDays((day, celsius) => day == new DateTime(2026, 3, 4) ? -40 : Heated(day, celsius));

        var (exit, output) = await EstimateAsync("--utc-days", "--json");

        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        (json.RootElement.GetProperty("status").GetString(), json.RootElement.GetProperty("verdict").GetString()).Should().Be(("FAIL", "not-enough-data"));
        Codes(json.RootElement.GetProperty("reasons")).Should().Equal("negative-use");
    }

    [Fact]
    public async Task What_is_no_number_is_null_and_a_dash()
    {
        WriteDays((_, _) => 0);

        var (exit, output) = await EstimateAsync("--utc-days", "--gas", "--json");
        exit.Should().Be(0, output);
        using var json = JsonDocument.Parse(output);
        output.Should().NotContain("NaN").And.NotContain("Infinity");
        foreach (var name in (string[])["cvrmseAdj", "nmbe", "nPrime"]) json.RootElement.GetProperty("statistics").GetProperty(name).ValueKind.Should().Be(JsonValueKind.Null, name);
        var reason = json.RootElement.GetProperty("reasons")[0];
        reason.GetProperty("code").GetString().Should().Be("uncertainty-not-available");
        (reason.GetProperty("figure").ValueKind, reason.GetProperty("bound").ValueKind).Should().Be((JsonValueKind.Null, JsonValueKind.Null));

        (_, output) = await EstimateAsync("--utc-days", "--gas");
        output.Should().Contain("CV(RMSE) -,").And.Contain("because    uncertainty-not-available: -").And.NotContain("NaN");
    }

    [Fact]
    public async Task Gas_cools_nothing()
    {
        WriteDays((_, celsius) => 5 + Math.Max(celsius - 15, 0));

        (await TypeAsync()).Should().Be("cdd_only");
        (await TypeAsync("--gas")).Should().Be(await TypeAsync("--no-cooling")).And.NotContain("cdd");

        async Task<string?> TypeAsync(params string[] more)
        {
            var (exit, output) = await EstimateAsync(["--utc-days", "--json", .. more]);
            exit.Should().Be(0, output);
            using var json = JsonDocument.Parse(output);
            return json.RootElement.GetProperty("model").GetProperty("type").GetString();
        }
    }

    [Fact]
    public async Task A_change_of_the_interval_is_taken_and_told()
    {
        WriteDays(Heated);
        var (_, daily) = await EstimateAsync("--utc-days");
        var rows = await File.ReadAllLinesAsync(Use, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Use, rows.SelectMany(row => row.StartsWith("2026", StringComparison.Ordinal) ? Hours(row) : [row]), TestContext.Current.CancellationToken);

        var (exit, output) = await EstimateAsync("--utc-days");

        (exit, output.TrimEnd()).Should().Be((0, daily.TrimEnd() + Environment.NewLine + "look at    interval-length-changes: 1 (bound 0)"));

        static IEnumerable<string> Hours(string row) => Enumerable.Range(0, 24).Select(h => string.Create(CultureInfo.InvariantCulture, $"{row[..11]}{h:00}:00:00Z,{double.Parse(row.Split(',')[1], CultureInfo.InvariantCulture) / 24}"));
    }

    [Theory]
    [InlineData("2026-01-02..9999-12-31")]
    [InlineData("0001-01-01..2026-12-31")]
    public async Task A_day_of_an_absurd_year_is_refused(string reporting)
    {
        Write();
        await WriteBillsAsync();

        var (exit, output) = await EstimateAsync(["--bills"], reporting);

        (exit, output.Contains("--reporting: ", StringComparison.Ordinal) && output.Contains("outside the years 1900 to 2100", StringComparison.Ordinal)).Should().Be((2, true), output);
    }

    [Theory]
    [InlineData("start,value\n2024-01-01T00:00:00Z,5\n9002-01-01T00:00:00Z,5\n")]
    [InlineData("start,value\n2024-01-01T00:00:00Z,5\n1002-01-01T00:00:00Z,5\n")]
    [InlineData("start,value\n2024-01-01,5\n9002-01-01,\n", "--bills")]
    public async Task A_row_of_an_absurd_year_is_named(string file, params string[] more)
    {
        WriteDays(Heated);
        await File.WriteAllTextAsync(Use, file, TestContext.Current.CancellationToken);

        var (exit, output) = await EstimateAsync(more);

        (exit, output.Contains("use.csv, line 3, column start: ", StringComparison.Ordinal) && output.Contains("outside the years 1900 to 2100", StringComparison.Ordinal)).Should().Be((2, true), output);
    }

    [Theory]
    [InlineData("+00:00")]
    [InlineData(".000000+00:00")]
    public async Task Stamps_as_data_frames_write_them_are_read(string end)
    {
        WriteDays(Heated);
        var (_, expected) = await EstimateAsync("--utc-days");
        await File.WriteAllTextAsync(Use, (await File.ReadAllTextAsync(Use, TestContext.Current.CancellationToken)).Replace('T', ' ').Replace("Z", end, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        (await EstimateAsync("--utc-days")).Should().Be((0, expected));
    }

    [Fact]
    public async Task Days_are_cut_at_one_midnight()
    {
        WriteDays(Heated);

        var (exit, output) = await EstimateAsync("--utc-days", "--time-zone", "Europe/Berlin");

        (exit, output.Contains("--time-zone: --utc-days cuts days at midnight UTC: give one of the two.", StringComparison.Ordinal)).Should().Be((2, true), output);
    }

    [Fact]
    public async Task A_bill_that_is_dropped_is_named_by_its_first_day()
    {
        Write();
        await WriteBillsAsync();

        var (_, output) = await EstimateAsync("--bills");
        output.Should().Contain("look at    bill-too-short: 10 (bound 25), bill from 2026-01-01");

        (_, output) = await EstimateAsync("--bills", "--json");
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("warnings")[0].GetProperty("bill").GetString().Should().Be("2026-01-01");
    }

    [Fact]
    public async Task The_help_says_what_the_files_must_be_and_every_reason()
    {
        await using var grid = new ServedGrid();

        var (exit, output) = await grid.CommandAsync("savings", "estimate", "--help");

        exit.Should().Be(0, output);
        var words = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var said in (string[])["--utc-days", "hours that the mean is of", "offset", "365 days", "no model in which hot days use more", .. ReasonCodes()]) words.Should().Contain(said);

        static IEnumerable<string> ReasonCodes() => ((Type[])[typeof(Grid.Analytics.Sufficiency), typeof(Grid.Analytics.SavingsEstimate), typeof(Grid.Analytics.BilledUse)])
            .SelectMany(t => t.GetFields()).Where(f => f.IsLiteral && f.FieldType == typeof(string)).Select(f => (string)f.GetRawConstantValue()!)
            .Where(code => code is not Grid.Analytics.Sufficiency.FeedsIn); // of registers alone
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

    private static double Heated(DateTime day, double celsius) => 6 + (day.Day % 7 * 0.3) + (Math.Max(15 - celsius, 0) * (day.Year < 2026 ? 0.9 : 0.45));

    private static IEnumerable<string?> Codes(JsonElement reasons) => reasons.EnumerateArray().Select(r => r.GetProperty("code").GetString());

    // UTC days in kWh, and their means in °C.
    private void WriteDays(Func<DateTime, double, double> useOf)
    {
        using StreamWriter use = new(Use), outside = new(Outside);
        use.WriteLine("start,value");
        outside.WriteLine("day_utc,mean,count");
        Random random = new(4);
        for (var day = new DateTime(2025, 1, 1); day < new DateTime(2026, 12, 1); day = day.AddDays(1))
        {
            var celsius = 12 - (12 * Math.Cos(2 * Math.PI * (day.DayOfYear - 15) / 365)) + (4 * random.NextDouble()) - 2;
            use.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}T00:00:00Z,{useOf(day, celsius)}"));
            outside.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd},{celsius},24"));
        }
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
