using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class LaggedDependentTests
{
    [Fact]
    public void It_holds_the_truth_in_nine_of_ten_campaigns_and_is_no_wider_than_the_difference_of_means()
    {
        var (held, narrower) = (0, 0);
        for (var seed = 1; seed <= 100; seed++)
        {
            var arms = CampaignArms.Of(MadeUpCampaign.Homes(80, 0.05, seed));
            var truth = -0.05 * arms.Treated.Average(h => h.MeanAfter) / 0.95;
            var (fine, plain) = (LaggedDependent.Of(arms)!, DifferenceInDifferences.Of(arms)!);
            if (fine.Low <= truth && truth <= fine.High) held++;
            if (fine.StandardError <= plain.StandardError * 1.05) narrower++;
        }

        held.Should().BeGreaterThanOrEqualTo(90);
        narrower.Should().BeGreaterThanOrEqualTo(80);
    }

    [Fact]
    public void Repeating_every_home_does_not_make_it_surer_by_its_months()
    {
        // The same value in every month of a home: twelve months tell as much as one.
        CampaignHome[] one = [.. Enumerable.Range(0, 40).Select(h => Flat(h, months: 1))], twelve = [.. Enumerable.Range(0, 40).Select(h => Flat(h, months: 12))];

        var (few, many) = (LaggedDependent.Of(CampaignArms.Of(one))!, LaggedDependent.Of(CampaignArms.Of(twelve))!);

        many.Value.Should().BeApproximately(few.Value, 1e-9);
        (many.StandardError / few.StandardError).Should().BeInRange(0.95, 1.05);

        static CampaignHome Flat(int h, int months)
        {
            Random random = new(h);
            var (before, after) = (5 + random.NextDouble(), 5 + random.NextDouble());
            return new($"h{h}", h % 2 == 0, [.. Enumerable.Repeat<double?>(before, 12)], [.. Enumerable.Repeat<double?>(after, months)]);
        }
    }

    [Fact]
    public void Homes_that_all_used_the_same_before_are_compared_all_the_same()
    {
        CampaignHome[] homes = [.. Enumerable.Range(0, 10).Select(h => new CampaignHome($"h{h}", h % 2 == 0, [.. Enumerable.Repeat<double?>(5, 12)], [5 + (h * 0.1)]))];

        LaggedDependent.Of(CampaignArms.Of(homes)).Should().BeNull("use before and the month's level cannot be told apart");
    }
}
