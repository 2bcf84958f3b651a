using Grid.Domain;
using Grid.Jobs;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Grid.IntegrationTests.Privacy;

/// <summary>
/// A made-up neighbourhood on a registry of its own, through which the real jobs go: buildings of every size, kinds of homes of which one is rare, homes with few days, late days,
/// corrections, homes that join, accounts with two homes and one that moves. What the homes used is kept beside it, for whoever wants to know what a figure is made of.
/// </summary>
internal sealed class PrivacyBench : IAsyncDisposable
{
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);

    private readonly Random _random;
    private readonly FakeTimeProvider _clock = new(Paris.StartOf(new(2026, 2, 2)).ToDateTimeOffset());
    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-privacy-");
    private readonly List<Household> _homes = [];
    private readonly Dictionary<(HouseholdId Home, LocalDate Day), long> _used = [];
    private readonly List<Dictionary<(HouseholdId Home, YearMonth Month), long>> _stages = [];

    private PrivacyBench(int seed)
    {
        _random = new(seed);
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<TimeProvider>(_clock).AddStorage(new(), new(), _folder.FullName).AddJobWork(new(), TimeSpan.FromDays(45)).BuildServiceProvider();
    }

    /// <summary>Accounts that have two homes: at once, or one after the other.</summary>
    public List<TwoHomes> Accounts { get; } = [];

    public IReadOnlyList<Household> Homes => _homes;

    /// <summary>Watt-hours a complete day of the homes with enough of them (METHOD.md rule 2.2), as they stood at each turn of the jobs.</summary>
    public IReadOnlyList<IReadOnlyDictionary<(HouseholdId Home, YearMonth Month), long>> Stages => _stages;

    public static async Task<PrivacyBench> RunAsync(int seed)
    {
        PrivacyBench bench = new(seed);
        await bench._services.MigrateRegistryAsync(CancellationToken.None);
        await bench.SettleAsync();
        await bench.LiveAsync(new(2026, 1), missing: 0.05);
        await bench.TurnAsync(new(2026, 2, 2));
        await bench.CorrectAsync(new(2026, 1));
        await bench.TurnAsync(new(2026, 2, 20));
        await bench.JoinAsync(new(2026, 2, 1), 3);
        await bench.LiveAsync(new(2026, 2), missing: 0.2); // too many to be told before the wait is over
        await bench.TurnAsync(new(2026, 3, 2));
        await bench.CorrectAsync(new(2026, 1));
        await bench.LiveAsync(new(2026, 3), missing: 0.06);
        await bench.TurnAsync(new(2026, 4, 2));
        await bench.CorrectAsync(new(2026, 3));
        await bench.TurnAsync(new(2026, 4, 20));
        await bench.TurnAsync(new(2026, 4, 20));
        await bench.CorrectAsync(new(2026, 2));
        await bench.CorrectAsync(new(2026, 3));
        await bench.TurnAsync(new(2026, 4, 21));
        return bench;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<List<(ResultKey Key, byte[] Json)>> EveryVersionAsync(ResultKind kind)
    {
        await using var scope = _services.CreateAsyncScope();
        return
        [
            .. scope.ServiceProvider.GetRequiredService<RegistryContext>().Results.Where(r => r.Kind == kind).AsEnumerable()
                .Select(r => (new ResultKey(r.Kind, r.Subject.Length > 0 ? HouseholdId.Parse(r.Subject) : null, r.Period), r.Json)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private async Task SettleAsync()
    {
        // One building is all of a kind that is nowhere else, one kind is rare and scattered.
        Build("alike", 24 + _random.Next(20), (DwellingKind.Apartment, HeatingKind.Electric), 60, 2);
        foreach (var size in (int[])[3, 12, 16, 18 + _random.Next(8), 30 + _random.Next(20), 45])
            Build($"b{size}", size, (DwellingKind.Apartment, HeatingKind.Other), 0, 0);
        Build("houses", 16 + _random.Next(3), (DwellingKind.House, HeatingKind.Other), 0, 0);
        await RegisterAsync(new(2026, 1, 1));
        for (var i = 0; i < 20; i++) await TenantAsync(Guid.NewGuid(), Pair(), null);
        await TenantAsync(Guid.NewGuid(), Pair(), new(2026, 2, 11));
    }

    private void Build(string building, int homes, (DwellingKind Dwelling, HeatingKind Heating) kind, int area, int people)
    {
        for (var i = 0; i < homes; i++)
        {
            _homes.Add(new(HouseholdId.Parse($"h-{_homes.Count:000}"), building, kind.Dwelling, kind.Heating,
                area > 0 ? area : 30 + _random.Next(100), people > 0 ? people : 1 + _random.Next(5)));
        }
    }

    private async Task JoinAsync(LocalDate day, int homes)
    {
        var already = _homes.Count;
        Build("houses", homes, (DwellingKind.House, HeatingKind.Other), 0, 0);
        await RegisterAsync(day, already);
    }

    private async Task RegisterAsync(LocalDate from, int already = 0)
    {
        var added = _homes.Skip(already).ToList();
        var meters = added.Select(h => new MeterInstall(MeterName.Parse("m-" + h.Id), MeterKind.Main, GatewayName.Parse("gw-1"), h.Id, Paris.StartOf(from), null));
        (await Get<RegistryEditor>().ApplyAsync(new("n", LocalCalendar.DefaultZone, added, [.. meters]), CancellationToken.None)).Should().BeEmpty();
        await Get<CurrentRegistry>().RefreshAsync(CancellationToken.None);
    }

    /// <param name="moves">The day from which on the account lives in the second home, and no longer in the first.</param>
    private async Task TenantAsync(Guid account, HashSet<HouseholdId> homes, LocalDate? moves)
    {
        var (first, second) = (homes.First(), homes.Last());
        Accounts.Add(new(first, second, moves));
        await using var scope = _services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<RegistryContext>();
        registry.Users.Add(new() { Id = account, UserName = account.ToString() });
        registry.Tenancies.Add(new() { Account = account, Household = first, From = new(2025, 1, 1), To = moves });
        registry.Tenancies.Add(new() { Account = account, Household = second, From = moves ?? new(2025, 1, 1) });
        await registry.SaveChangesAsync();
    }

    /// <summary>A home and one that is much like it: whom they are compared with are nearly the same, and not quite.</summary>
    private HashSet<HouseholdId> Pair()
    {
        var one = _homes[_random.Next(_homes.Count)];
        var like = _homes.Where(h => h.Id != one.Id && (h.Dwelling, h.Heating) == (one.Dwelling, one.Heating)).OrderBy(h => Math.Abs(h.AreaM2!.Value - one.AreaM2!.Value)).Take(3);
        return [one.Id, like.ElementAt(_random.Next(3)).Id];
    }

    private HouseholdId Any() => _homes[_random.Next(_homes.Count)].Id;

    private async Task LiveAsync(YearMonth month, double missing)
    {
        await UseAsync(
        [
            .. _homes.Select(home => (home.Id, Gone: _random.NextDouble() < missing ? 4 + _random.Next(10) : _random.Next(3)))
                .SelectMany(h => month.ToDateInterval().Skip(h.Gone).Select(day => (h.Id, day, Wh()))),
        ]);
    }

    /// <summary>Half of what is missing comes late, and a few days turn out to have been otherwise.</summary>
    private async Task CorrectAsync(YearMonth month)
    {
        var late = _homes.Where(_ => _random.Next(2) == 0).SelectMany(h => month.ToDateInterval().Where(day => !_used.ContainsKey((h.Id, day))).Select(day => (h.Id, day, Wh())));
        var otherwise = Enumerable.Range(0, 8).Select(_ => (Any(), month.OnDayOfMonth(1 + _random.Next(28)), Wh()));
        await UseAsync([.. late.Concat(otherwise).DistinctBy(d => (d.Item1, d.Item2))]);
    }

    private long Wh() => 48 * (100 + _random.Next(200));

    private async Task UseAsync(IReadOnlyList<(HouseholdId Home, LocalDate Day, long Wh)> days)
    {
        foreach (var (home, day, wh) in days) _used[(home, day)] = wh;
        await Get<IHouseholdDays>().ReplaceAsync(
            [.. days.Select(d => new HouseholdDay(d.Home, d.Day, [.. Slots(d.Day, d.Wh)]))], [], CancellationToken.None);

        static IEnumerable<SlotEnergy> Slots(LocalDate day, long wh)
        {
            var count = Paris.SlotsOf(day).Count;
            for (var i = 0; i < count; i++) yield return new(i == 0 ? wh - ((count - 1) * (wh / count)) : wh / count, null, Quality.Measured);
        }
    }

    private async Task TurnAsync(LocalDate today)
    {
        _clock.SetUtcNow(Paris.StartOf(today).ToDateTimeOffset());
        _stages.Add(_used.GroupBy(u => (u.Key.Home, u.Key.Day.ToYearMonth())).Where(g => g.Count() >= 0.9 * g.Key.Item2.ToDateInterval().Length)
            .ToDictionary(g => (g.Key.Home, g.Key.Item2), g => (long)Math.Round(g.Average(u => (double)u.Value), MidpointRounding.ToEven)));
        // Forecasts are no sums, and take long; what comes before reports is nothing without a year of data.
        foreach (var work in Get<IEnumerable<IPeriodicWork>>().Where(w => w is not ForecastWork)) await Get<PeriodRunner>().RunAsync(work, CancellationToken.None);
    }

    /// <param name="Moves">The day from which on it lives in the second and no longer in the first; null where it has both.</param>
    internal sealed record TwoHomes(HouseholdId First, HouseholdId Second, LocalDate? Moves)
    {
        /// <summary>The homes that it may see on a day of a month.</summary>
        public HashSet<HouseholdId> In(YearMonth month) => Moves is not { } day || month == day.ToYearMonth() ? [First, Second] : month < day.ToYearMonth() ? [First] : [Second];
    }
}
