using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What a household's month counts with in every figure about many homes (METHOD.md rules 2.2 and 2.6). Nobody but Grid sees it.</summary>
/// <param name="Month"><c>2026-10</c>.</param>
public sealed record CountedMonth(string Household, string Month, long WhPerDay)
{
    /// <summary>A month is told when so many of its homes count.</summary>
    public const double EnoughHomes = 0.9;

    /// <summary>From then on after its end it is told with those that do: as old as readings may be unless configured.</summary>
    public const int LongestWaitDays = 45;

    public static ResultKey Key(HouseholdId household, YearMonth month) => new(ResultKind.Counted, household, MonthlyReport.Name(month));

    /// <summary>Those of a month that count.</summary>
    public static IReadOnlyList<CountedMonth> Of(YearMonth month, IEnumerable<DayTotal> totals) =>
    [
        .. totals.GroupBy(t => t.Household).OrderBy(g => g.Key).Select(g => (Household: g.Key, MonthEnergy.Of(month, g).WhPerDay))
            .Where(h => h.WhPerDay is not null).Select(h => new CountedMonth(h.Household.Value, MonthlyReport.Name(month), h.WhPerDay!.Value)),
    ];

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, NeighbourhoodJson.Default.CountedMonth);

    public static CountedMonth FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, NeighbourhoodJson.Default.CountedMonth)
        ?? throw new JsonException("A stored month is null.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CountedMonth))]
[JsonSerializable(typeof(NeighbourhoodMonth))]
internal sealed partial class NeighbourhoodJson : JsonSerializerContext;
