using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Savings;

/// <summary>METHOD.md rule 5.13, as far as section 3 lets it be shown.</summary>
public sealed class NeighbourhoodSavingsTests
{
    private static readonly YearMonth Month = new(2026, 10);

    [Fact]
    public void Fifteen_homes_are_told_together_and_fourteen_are_not()
    {
        var told = Of(Homes(15));
        (told.Hidden, told.Verdict, told.ExpectedKwh, told.SavedKwh).Should().Be((null, Verdict.Saved, 15 * 300.0, 15 * 30.0));
        told.BandKwh.Should().BeApproximately(Math.Sqrt(15) * 40, 1e-9);
        NeighbourhoodSavings.FromJson(told.ToJson()).Should().BeEquivalentTo(told);

        var hidden = Of(Homes(14));
        hidden.Should().BeEquivalentTo(new NeighbourhoodSavings("2026-10", 0, null, null, null, Verdict.NotEnoughData, Suppression.TooFewHomes));
    }

    [Fact]
    public void A_home_without_a_verdict_is_not_in_it() => Of([.. Homes(15), Home(15, 30, Verdict.NotEnoughData)]).ExpectedKwh.Should().Be(15 * 300.0);

    [Fact]
    public void A_home_whose_change_lies_in_the_month_is_not_in_it() => Of([.. Homes(15), Home(15, 30) with { BaselineLast = "2026-09-30" }]).ExpectedKwh.Should().Be(15 * 300.0);


    [Fact]
    public void A_home_that_holds_too_much_of_it_hides_it() => Of([.. Homes(15), Home(15, 100)]).Hidden.Should().Be(Suppression.OneHomeDominates);

    [Fact]
    public void Within_its_band_nothing_is_claimed() => Of([.. Enumerable.Range(0, 20).Select(i => Home(i, 5))]).Verdict.Should().Be(Verdict.NoDetectableChange);

    [Fact]
    public void Beside_what_everybody_is_told_of_one_home_more_it_is_hidden_and_of_the_same_homes_it_is_not()
    {
        ReleasedGroup told = new(ReleaseRule.Totals, Enumerable.Range(0, 20).Select(i => HouseholdId.Parse($"h-{i}")).ToHashSet(), new(2026, 10, 1), new(2026, 11, 1));

        Of(Homes(20), new ShownGroup(ShownTo.Everybody, told)).Hidden.Should().BeNull();
        Of(Homes(19), new ShownGroup(ShownTo.Everybody, told)).Hidden.Should().Be(Suppression.CouldBeSubtracted);
        Of(Homes(19), new ShownGroup(ShownTo.Operators, told)).Hidden.Should().Be(Suppression.CouldBeSubtracted, "they know that too");
        Of(Homes(19), new ShownGroup(HouseholdId.Parse("h-3"), told)).Hidden.Should().BeNull("a resident's report is not theirs");
    }

    [Fact]
    public void What_is_told_is_noted_as_told_to_operators_and_what_is_hidden_is_not()
    {
        NeighbourhoodSavings.Of(Month, Homes(15), new([], [])).Shown.Should().ContainSingle().Which.Should().Match<ShownGroup>(s => s.Audience == ShownTo.Operators && s.Group.Homes.Count == 15);
        NeighbourhoodSavings.Of(Month, Homes(14), new([], [])).Shown.Should().BeEmpty();
    }

    private static NeighbourhoodSavings Of(HomeSavings[] homes, params ShownGroup[] shown) => NeighbourhoodSavings.Of(Month, homes, new(shown, [])).Savings;

    private static HomeSavings[] Homes(int count) => [.. Enumerable.Range(0, count).Select(i => Home(i, 30))];

    private static HomeSavings Home(int number, double saved, Verdict verdict = Verdict.NoDetectableChange)
    {
        SavedEnergy month = new(31, 0, 300, 0, 0, 300 - saved, saved, 40, verdict, []);
        return new($"h-{number}", "2026-10", "2025-01-01", "2025-12-31", null, month, month);
    }
}
