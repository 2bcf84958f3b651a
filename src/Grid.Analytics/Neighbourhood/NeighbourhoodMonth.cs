using System.Text.Json;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What the neighbourhood's homes and those of each of its buildings imported in a month, for everybody (METHOD.md rule 3.6).</summary>
/// <param name="Month"><c>2026-10</c>.</param>
/// <param name="Buildings">In order of their names.</param>
public sealed record NeighbourhoodMonth(string Month, ImportOfMany Neighbourhood, IReadOnlyList<BuildingMonth> Buildings)
{
    public static NeighbourhoodMonth NotYet(YearMonth month) => new(MonthlyReport.Name(month), ImportOfMany.NotYet, []);

    public static ResultKey Key(YearMonth month) => new(ResultKind.Neighbourhood, null, MonthlyReport.Name(month));

    /// <param name="counted">Watt-hours a day of the households that count (METHOD.md rule 2.6).</param>
    public static (NeighbourhoodMonth Month, IReadOnlyList<ShownGroup> Shown) Of(
        YearMonth month, IReadOnlyCollection<Household> households, IReadOnlyDictionary<HouseholdId, long> counted, Audiences audiences)
    {
        var (from, to, days) = (month.OnDayOfMonth(1), month.PlusMonths(1).OnDayOfMonth(1), month.ToDateInterval().Length);
        List<(string Building, IReadOnlyDictionary<HouseholdId, double> Homes)> cells =
        [
            .. households.Where(h => h.IsHome).GroupBy(h => h.Building, StringComparer.Ordinal).OrderBy(b => b.Key, StringComparer.Ordinal)
                .Select(b => (b.Key, (IReadOnlyDictionary<HouseholdId, double>)b.Where(h => counted.ContainsKey(h.Id)).ToDictionary(h => h.Id, h => (double)counted[h.Id]))),
        ];
        var all = cells.SelectMany(c => c.Homes).ToDictionary();
        var (answers, total) = Release.CheckTable(
            ReleaseRule.Totals, [.. cells.Select(c => c.Homes)], from, to, audiences.ForAll, audiences.Everybody(households.Select(h => h.Id)));
        IEnumerable<IReadOnlyDictionary<HouseholdId, double>> shown = [.. total is null ? [all] : Array.Empty<IReadOnlyDictionary<HouseholdId, double>>(), .. cells.Where((_, i) => answers[i] is null).Select(c => c.Homes)];
        return (
            new(MonthlyReport.Name(month), ImportOfMany.Of(all, days, total), [.. cells.Select((c, i) => new BuildingMonth(c.Building, ImportOfMany.Of(c.Homes, days, answers[i])))]),
            [.. shown.Select(homes => new ShownGroup(ShownTo.Everybody, new(ReleaseRule.Totals, homes.Keys.ToHashSet(), from, to)))]);
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, NeighbourhoodJson.Default.NeighbourhoodMonth);

    public static NeighbourhoodMonth FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, NeighbourhoodJson.Default.NeighbourhoodMonth)
        ?? throw new JsonException("A stored month is null.");
}

public sealed record BuildingMonth(string Building, ImportOfMany Import);

/// <param name="Homes">Rounded down to a multiple of 5; 0 where hidden.</param>
/// <param name="ImportWh">Of that many homes: the exact sum, beside the mean, would tell the exact number. Null where hidden, and then <paramref name="Hidden"/> says why.</param>
/// <param name="MeanWhPerHome">Over all that count; a home's month is its mean complete day, times the month's days.</param>
public sealed record ImportOfMany(int Homes, long? ImportWh, long? MeanWhPerHome, string? Hidden)
{
    /// <summary>The month has not been told yet: it is not over, or too few of its homes count so far.</summary>
    public static ImportOfMany NotYet { get; } = new(0, null, null, "not-yet");

    internal static ImportOfMany Of(IReadOnlyDictionary<HouseholdId, double> homes, int days, Suppression? answer)
    {
        if (answer is { } why) return new(0, null, null, why.Name());
        var (count, mean) = (Release.RoundedCount(homes.Count), (long)Math.Round(homes.Values.Average() * days, MidpointRounding.ToEven));
        return new(count, count * mean, mean, null);
    }
}
