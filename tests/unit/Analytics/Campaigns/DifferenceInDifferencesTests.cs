using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Campaigns;

public sealed class DifferenceInDifferencesTests
{
    [Fact]
    public void The_methods_example_gives_the_methods_numbers()
    {
        var effect = DifferenceInDifferences.Of([-12, -8, -10, -14, -6], [-2, 0, -4, 2, -1])!;

        effect.Value.Should().BeApproximately(-9, 1e-12);
        effect.StandardError.Should().BeApproximately(1.732051, 1e-6);
        effect.DegreesOfFreedom.Should().BeApproximately(7.2, 1e-9);
        effect.T.Should().BeApproximately(2.351374, 1e-6);
        effect.Low.Should().BeApproximately(-13.072699, 1e-6);
        effect.High.Should().BeApproximately(-4.927301, 1e-6);
        effect.HoldsZero.Should().BeFalse();
        effect.Of(20).Low.Should().BeApproximately(effect.Low / 20, 1e-12);
    }

    [Fact]
    public void One_home_in_an_arm_estimates_nothing()
    {
        DifferenceInDifferences.Of([-12], [-2, 0, -4]).Should().BeNull();
        DifferenceInDifferences.Of([1, 1], [1, 1]).Should().BeNull("nothing tells how sure that is");
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.05)]
    [InlineData(0.12)]
    public void The_interval_holds_the_truth_in_nine_of_ten_campaigns(double saved)
    {
        var held = Enumerable.Range(1, 200).Count(seed =>
        {
            var arms = CampaignArms.Of(MadeUpCampaign.Homes(120, saved, seed));
            var share = DifferenceInDifferences.Of(arms)!.Of(arms.Control.Average(h => h.MeanAfter));
            return share.Low <= -saved && -saved <= share.High;
        });

        held.Should().BeGreaterThanOrEqualTo(180);
    }

    [Fact]
    public void Before_anything_was_done_nothing_is_found_in_nine_of_ten_campaigns()
    {
        var held = Enumerable.Range(1, 200).Count(seed => DifferenceInDifferences.Placebo(CampaignArms.Of(MadeUpCampaign.Homes(60, 0.12, seed)))!.HoldsZero);

        held.Should().BeGreaterThanOrEqualTo(180);
    }
}
