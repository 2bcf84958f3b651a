using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class CampaignResultTests
{
    private static readonly LocalDate From = new(2025, 1, 1);
    private static readonly LocalDate Start = new(2026, 1, 1);
    private static readonly LocalDate To = new(2027, 1, 1);

    [Fact]
    public void What_belongs_beside_the_figure_stands_beside_it()
    {
        var homes = MadeUpCampaign.Homes(120, saved: 0.12, seed: 4);
        var arms = CampaignArms.Of(homes);

        var result = Of(homes);

        (result.Treated, result.Control, result.TreatedLost, result.Hidden).Should().Be((60, 60, 0, null));
        result.Change.Should().Be(DifferenceInDifferences.Of(arms));
        result.Share!.Value.Should().BeApproximately(result.Change!.Value / arms.Control.Average(h => h.MeanAfter), 1e-12).And.BeInRange(-0.16, -0.08);
        result.Finer.Should().Be(LaggedDependent.Of(arms));
        result.Placebo.Should().Be(DifferenceInDifferences.Placebo(arms));
        result.MinimumDetectable.Should().BeInRange(0.1, Math.Abs(result.Change.Value), "what was found could be found");
    }

    [Fact]
    public void What_the_treated_saved_in_all_is_the_change_of_each_of_their_days()
    {
        var result = Of(MadeUpCampaign.Homes(80, saved: 0.12, seed: 5));

        result.SavedKwh!.Value.Should().BeApproximately(-result.Change!.Value * 40 * 365, 1e-9);
        result.SavedKwh.High.Should().BeApproximately(-result.Change.Low * 40 * 365, 1e-9);
    }

    [Fact]
    public void The_smallest_effect_that_could_be_found_is_of_the_spread_of_both_arms_together()
    {
        double[] changes = [.. Enumerable.Range(0, 30).Select(i => i % 3 - 1.0)];
        List<CampaignHome> homes = [.. changes.Select((c, i) => Home($"h-{i}", i % 2 == 0, 10, 10 + c + (i % 2 == 0 ? 5 : 0)))];

        // Each arm has -1, 0 and 1 five times: the sum of squares is 10 in each, of 28 degrees of freedom together.
        Of(homes).MinimumDetectable.Should().BeApproximately(Power.MinimumDetectableEffect(Math.Sqrt(20 / 28.0), 15, 15)!.Value, 1e-9);
    }

    [Theory]
    [InlineData(29, Suppression.TooFewHomes)]
    [InlineData(30, null)]
    public void An_arm_of_fewer_than_fifteen_homes_is_not_told(int homes, Suppression? hidden)
    {
        // Their changes are alike: with a few homes one of them soon has more than its share of those.
        var result = Of([.. Enumerable.Range(0, homes).Select(i => Home($"h-{i:00}", i % 2 == 0, 10, 9 + (i % 3)))]);

        result.Hidden.Should().Be(hidden);
        (result.Change is null, result.SavedKwh is null, result.MinimumDetectable is null).Should().Be((hidden is not null, hidden is not null, hidden is not null));
    }

    [Fact]
    public void A_home_that_dominates_its_arm_before_or_after_hides_the_result()
    {
        var homes = MadeUpCampaign.Homes(40, saved: 0.12, seed: 7);
        var before = homes[0] with { Before = [.. homes[0].Before.Select(m => m * 100)] };
        var after = homes[1] with { After = [.. homes[1].After.Select(m => m * 100)] };

        Of([before, .. homes.Skip(1)]).Hidden.Should().Be(Suppression.OneHomeDominates);
        Of([homes[0], after, .. homes.Skip(2)]).Hidden.Should().Be(Suppression.OneHomeDominates);
    }

    [Fact]
    public void A_home_whose_change_dominates_those_of_its_arm_hides_the_result()
    {
        List<CampaignHome> homes = [.. Enumerable.Range(0, 40).Select(i => Home($"h-{i:00}", i % 2 == 0, 14.5, 14.5 + (i % 4 < 2 ? 0.1 : -0.1)))];
        Of(homes).Hidden.Should().BeNull();

        foreach (var arm in (int[])[0, 1])
        {
            homes[arm] = Home(homes[arm].Id, arm == 0, 35, 5);
            Of(homes).Hidden.Should().Be(Suppression.OneHomeDominates, "with the error beside it the change says that it is one home's");
            homes[arm] = Home(homes[arm].Id, arm == 0, 14.5, 14.6);
        }
    }

    [Fact]
    public void A_home_whose_change_before_dominates_takes_the_placebo_away_alone()
    {
        List<CampaignHome> homes = [.. Enumerable.Range(0, 40).Select(i => Home($"h-{i:00}", i % 2 == 0, 14.5, 14.5 + (i % 4 < 2 ? 0.1 : -0.1)))];
        homes = [.. homes.Select((h, i) => h with { Before = [.. h.Before.Select((m, month) => m + (month < 6 ? i % 3 * 0.01 : 0))] })];
        Of(homes).Placebo.Should().NotBeNull();

        homes[1] = homes[1] with { Before = [.. Enumerable.Range(0, 12).Select(month => month < 6 ? (double?)0 : 29)] };

        var result = Of(homes);
        (result.Hidden, result.Change is null, result.Placebo).Should().Be((null, false, null), "value and interval would say that it is one home's");
    }

    [Fact]
    public void Of_other_months_the_same_arms_are_not_told_again()
    {
        var homes = MadeUpCampaign.Homes(60, saved: 0.12, seed: 8);
        var shown = CampaignResult.Of(homes, From, Start, To, new([], [])).Shown;

        Hidden(From, Start, To).Should().BeNull();
        Hidden(From, Start, To.PlusMonths(-1)).Should().Be(Suppression.CouldBeSubtracted, "a year before that two results share cancels out");
        Hidden(From.PlusMonths(1), Start.PlusMonths(1), To).Should().Be(Suppression.CouldBeSubtracted);

        Suppression? Hidden(LocalDate from, LocalDate start, LocalDate to) => CampaignResult.Of(homes, from, start, to, new(shown, [])).Result.Hidden;
    }

    [Fact]
    public void Of_nearly_the_same_arms_a_second_result_is_not_told_and_of_the_same_it_is()
    {
        var homes = MadeUpCampaign.Homes(60, saved: 0.12, seed: 8);
        var shown = CampaignResult.Of(homes, From, Start, To, new([], [])).Shown;
        shown.Select(s => (s.Audience, s.Group.Homes.Count)).Should().Equal((ShownTo.Treated, 30), (ShownTo.Control, 30));

        CampaignResult.Of(homes, From, Start, To, new(shown, [])).Result.Change.Should().NotBeNull();
        CampaignResult.Of([.. homes.Skip(1)], From, Start, To, new(shown, [])).Should().Match<(CampaignResult Result, IReadOnlyList<ShownGroup> Shown)>(r => r.Result.Hidden == Suppression.CouldBeSubtracted && r.Shown.Count == 0);
        CampaignResult.Of([.. homes.Select(h => h with { Treated = !h.Treated })], From, Start, To, new(shown, [])).Result.Hidden.Should().Be(Suppression.CouldBeSubtracted, "the share tells the control's mean: of both there would be a sum of all");
        CampaignResult.Of([.. homes.Skip(1)], From.PlusYears(3), Start.PlusYears(3), To.PlusYears(3), new(shown, [])).Result.Hidden.Should().BeNull("of other years");
    }

    [Fact]
    public void Sums_that_hold_fifteen_of_both_arms_alike_take_nothing_away_and_others_do()
    {
        var homes = MadeUpCampaign.Homes(60, saved: 0.12, seed: 8);
        ShownGroup Told(Func<CampaignHome, bool> of) => new(ShownTo.Everybody, new(ReleaseRule.Totals, homes.Where(of).Select(h => HouseholdId.Parse(h.Id)).ToHashSet(), Start, Start.PlusMonths(1)));

        With(Told(h => h.Id != "h000")).Should().BeNull("29 treated and 30 of the control are told of alike");
        With(Told(h => h.Treated)).Should().Be(Suppression.CouldBeSubtracted, "no treated home is told of like one of the control");
        With(Told(h => string.CompareOrdinal(h.Id, "h029") <= 0), Told(h => string.CompareOrdinal(h.Id, "h030") >= 0)).Should().BeNull("15 and 15 in each half");
        With(Told(h => string.CompareOrdinal(h.Id, "h020") < 0), Told(h => string.CompareOrdinal(h.Id, "h040") < 0)).Should().Be(Suppression.CouldBeSubtracted, "10 and 10 in each third");

        Suppression? With(params ShownGroup[] told) => CampaignResult.Of(homes, From, Start, To, new(told, [])).Result.Hidden;
    }

    [Fact]
    public void Nothing_tells_the_exact_number_of_homes()
    {
        var homes = MadeUpCampaign.Homes(86, saved: 0.12, seed: 9).Select((h, i) => i < 6 ? h with { After = [null] } : i < 8 ? h with { Treated = false } : h).ToList();

        var result = Of(homes);

        (result.Treated, result.Control, result.TreatedLost, result.ControlLost).Should().Be((35, 40, 0, 0));
        result.SavedKwh!.Value.Should().BeApproximately(-result.Change!.Value * 35 * 365, 1e-9);
    }

    private static CampaignResult Of(IReadOnlyCollection<CampaignHome> homes) => CampaignResult.Of(homes, From, Start, To, new([], [])).Result;

    private static CampaignHome Home(string id, bool treated, double before, double after) =>
        new(id, treated, [.. Enumerable.Repeat((double?)before, 12)], [after, after]);
}
