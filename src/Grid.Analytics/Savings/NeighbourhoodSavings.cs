using System.Text.Json;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>What the homes with an estimate saved together in a month (METHOD.md rule 5.13). kWh; null where <paramref name="Hidden"/> says why.</summary>
/// <param name="Month"><c>2026-10</c>.</param>
/// <param name="Homes">How many, rounded down to a multiple of 5; 0 where hidden.</param>
/// <param name="ExpectedKwh">By their baselines, at the month's temperatures.</param>
/// <param name="BandKwh">Half the width of the 90 % interval around what was saved.</param>
public sealed record NeighbourhoodSavings(
    string Month, int Homes, double? ExpectedKwh, double? SavedKwh, double? BandKwh, Verdict Verdict, Suppression? Hidden)
{
    public static ResultKey Key(YearMonth month) => new(ResultKind.Portfolio, null, MonthlyReport.Name(month));

    /// <param name="homes">Of the month. Those whose change lies in it do not count: the same dates for all.</param>
    /// <param name="audiences">With what they have been shown of it.</param>
    public static (NeighbourhoodSavings Savings, IReadOnlyList<ShownGroup> Shown) Of(YearMonth month, IReadOnlyCollection<HomeSavings> homes, Audiences audiences)
    {
        var (first, next) = (month.OnDayOfMonth(1), month.PlusMonths(1).OnDayOfMonth(1));
        List<HomeSavings> estimated = [.. homes.Where(h => h.OfMonth.Verdict is not Verdict.NotEnoughData && LocalDatePattern.Iso.Parse(h.BaselineLast).Value.PlusDays(1) < first)];
        var saved = estimated.ToDictionary(h => HouseholdId.Parse(h.Household), h => h.OfMonth.SavedKwh);
        var expected = estimated.ToDictionary(h => HouseholdId.Parse(h.Household), h => h.OfMonth.UsedKwh + h.OfMonth.SavedKwh);
        IReadOnlyList<Audience> operators = [audiences.Operators];
        var hidden = Release.Check(ReleaseRule.Totals, expected, operators) ?? Release.Check(ReleaseRule.Totals, saved, first, next, [.. audiences.ForAll, .. audiences.Treated, .. audiences.Control], operators);
        if (hidden is not null) return (new(MonthlyReport.Name(month), 0, null, null, null, Verdict.NotEnoughData, hidden), []);
        var sum = Portfolio.Of([.. estimated.Select(h => h.OfMonth)]);
        var verdict = Math.Abs(sum.Savings) <= sum.Band ? Verdict.NoDetectableChange : sum.Savings > 0 ? Verdict.Saved : Verdict.UsedMore;
        return (
            new(MonthlyReport.Name(month), Release.RoundedCount(estimated.Count), sum.Counterfactual, sum.Savings, sum.Band, verdict, null),
            [new(ShownTo.Operators, new(ReleaseRule.Totals, saved.Keys.ToHashSet(), first, next))]);
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SavingsJson.Default.NeighbourhoodSavings);

    public static NeighbourhoodSavings FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, SavingsJson.Default.NeighbourhoodSavings)
        ?? throw new JsonException("Stored savings are null.");
}
