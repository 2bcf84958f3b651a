using System.Text.Json;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>What the homes with an estimate saved together in a month (METHOD.md rule 5.13). kWh; null where <paramref name="Hidden"/> says why.</summary>
/// <param name="Month"><c>2026-10</c>.</param>
/// <param name="Homes">Whose sum it is: never shown, and what later versions are held against (rule 3.4).</param>
/// <param name="ExpectedKwh">By their baselines, at the month's temperatures.</param>
/// <param name="BandKwh">Half the width of the 90 % interval around what was saved.</param>
public sealed record NeighbourhoodSavings(
    string Month, IReadOnlyList<string> Homes, double? ExpectedKwh, double? SavedKwh, double? BandKwh, Verdict Verdict, Suppression? Hidden)
{
    public static ResultKey Key(YearMonth month) => new(ResultKind.Portfolio, null, MonthlyReport.Name(month));

    /// <param name="homes">Of homes whose change lies before the month: the same dates for all.</param>
    /// <param name="earlier">The month's earlier versions.</param>
    public static NeighbourhoodSavings Of(YearMonth month, IReadOnlyCollection<HomeSavings> homes, IEnumerable<NeighbourhoodSavings> earlier)
    {
        var (first, next) = (month.OnDayOfMonth(1), month.PlusMonths(1).OnDayOfMonth(1));
        List<HomeSavings> estimated = [.. homes.Where(h => h.OfMonth.Verdict is not Verdict.NotEnoughData)];
        var saved = estimated.ToDictionary(h => HouseholdId.Parse(h.Household), h => h.OfMonth.SavedKwh);
        var shown = earlier.Where(e => e.Hidden is null).Select(e => new ReleasedGroup(ReleaseRule.Totals, e.Homes.Select(HouseholdId.Parse).ToHashSet(), first, next));
        var expected = estimated.ToDictionary(h => HouseholdId.Parse(h.Household), h => h.OfMonth.UsedKwh + h.OfMonth.SavedKwh);
        IReadOnlyList<Audience> operators = [Audience.Public];
        var hidden = Release.Check(ReleaseRule.Totals, expected, operators) ?? Release.Check(ReleaseRule.Totals, saved, first, next, shown, operators);
        if (hidden is not null) return new(MonthlyReport.Name(month), [], null, null, null, Verdict.NotEnoughData, hidden);
        var sum = Portfolio.Of([.. estimated.Select(h => h.OfMonth)]);
        var verdict = Math.Abs(sum.Savings) <= sum.Band ? Verdict.NoDetectableChange : sum.Savings > 0 ? Verdict.Saved : Verdict.UsedMore;
        return new(MonthlyReport.Name(month), [.. estimated.Select(h => h.Household).Order(StringComparer.Ordinal)], sum.Counterfactual, sum.Savings, sum.Band, verdict, null);
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SavingsJson.Default.NeighbourhoodSavings);

    public static NeighbourhoodSavings FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, SavingsJson.Default.NeighbourhoodSavings)
        ?? throw new JsonException("Stored savings are null.");
}
