using System.Net;
using System.Text.Json;
using Grid.Domain;

namespace Grid.IntegrationTests.Grafana;

/// <summary>Every query of the dashboards runs on a real InfluxDB that the pipeline filled, under the account of the README.</summary>
public sealed class DashboardTests(DashboardTests.Shared shared) : IClassFixture<DashboardTests.Shared>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_query_of_every_dashboard_finds_something()
    {
        var grid = await shared.GridAsync();
        List<string> failures = [];
        foreach (var query in DashboardQuery.All)
        {
            try
            {
                if ((await RowsAsync(grid, query)).Count == 0) failures.Add($"{query} finds nothing");
            }
            catch (InvalidOperationException refused)
            {
                failures.Add($"{query} is refused: {refused.Message}");
            }
        }

        DashboardQuery.All.Should().HaveCountGreaterThan(6);
        failures.Should().BeEmpty();
    }

    [Fact]
    public async Task The_days_on_the_dashboard_are_those_of_the_registry()
    {
        var grid = await shared.GridAsync();
        var truth = (await grid.TotalsAsync(Stop)).Where(d => d.ImportWh is not null).ToLookup(d => d.Quality);

        (await ByDayAsync(grid, "Data quality by day", 0)).Should().Equal(Sums(truth.Where(q => q.Key is Quality.Measured), _ => 1));
        (await ByDayAsync(grid, "Data quality by day", 1)).Should().Equal(Sums(truth.Where(q => q.Key is Quality.Interpolated or Quality.SimilarDay), _ => 1));
        (await ByDayAsync(grid, "Data quality by day", 2)).Should().Equal(Sums(truth.Where(q => q.Key is Quality.Partial), _ => 1));
    }

    [Fact]
    public async Task The_numbers_at_the_top_are_true()
    {
        var grid = await shared.GridAsync();

        (await NumberAsync(grid, "Homes reporting")).Should().Be(grid.Homes);
        (await NumberAsync(grid, "Known half-hours")).Should().BeApproximately(1, 0.005);
        (await RowsAsync(grid, "Freshest reading", 0))[^1][0].GetInt64().Should().Be(grid.Now.ToUnixTimeMilliseconds() / 60_000 * 60_000);
    }

    [Fact]
    public async Task The_account_of_the_README_reads_and_cannot_write()
    {
        var account = (await shared.GridAsync()).Account;

        (await account.RowsAsync("SELECT count(\"import_wh\") FROM \"reading\"", Stop)).Should().ContainSingle();
        (await account.WriteAsync("reading,meter=intruder import_wh=1i 1", Stop)).Should().Be(HttpStatusCode.Forbidden);
    }

    private static Dictionary<LocalDate, double> Sums(IEnumerable<IEnumerable<DayTotal>> totals, Func<DayTotal, long> value) =>
        totals.SelectMany(d => d).GroupBy(d => d.Day).ToDictionary(day => day.Key, day => (double)day.Sum(value));

    private static async Task<Dictionary<LocalDate, double>> ByDayAsync(FilledGrid grid, string panel, int target) => (await RowsAsync(grid, panel, target))
        .ToDictionary(row => FilledGrid.Calendar.DayOf(Instant.FromUnixTimeMilliseconds(row[0].GetInt64())), row => row[1].GetDouble());

    private static async Task<double> NumberAsync(FilledGrid grid, string panel) => (await RowsAsync(grid, panel, 0)).Should().ContainSingle().Which[1].GetDouble();

    private static Task<IReadOnlyList<JsonElement[]>> RowsAsync(FilledGrid grid, string panel, int target) =>
        RowsAsync(grid, DashboardQuery.All.Where(q => string.Equals(q.Panel, panel, StringComparison.Ordinal)).ElementAt(target));

    private static Task<IReadOnlyList<JsonElement[]>> RowsAsync(FilledGrid grid, DashboardQuery query) =>
        grid.Account.RowsAsync(query.Statement(grid.Start, grid.Now, FilledGrid.Calendar), Stop);

    /// <summary>Filled once, by the first test that asks: only within a test can the want of a server skip it.</summary>
    public sealed class Shared : IAsyncDisposable
    {
        private Task<FilledGrid>? _grid;

        internal Task<FilledGrid> GridAsync() => _grid ??= FilledGrid.StartAsync(Stop);

        public async ValueTask DisposeAsync()
        {
            if (_grid is { IsCompletedSuccessfully: true }) await (await _grid).DisposeAsync();
        }
    }
}
