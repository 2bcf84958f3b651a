using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Savings;

public sealed class SavingsEstimateTests
{
    private static readonly Func<double, double> Home = f => 9 + (0.4 * Math.Max(60 - f, 0));

    [Theory]
    [InlineData(7)]
    [InlineData(12.345)]
    [InlineData(10.1)]
    [InlineData(20.7)]
    [InlineData(0.1)]
    public void Use_that_never_varies_has_no_band_and_so_no_verdict(double use)
    {
        var estimate = MadeUp.Estimate(MadeUp.Year(_ => use), MadeUp.Year(_ => use, from: MadeUp.Last.PlusDays(2)));

        (estimate.Verdict, estimate.Avoided!.Bands).Should().Be((Verdict.NotEnoughData, null));
        estimate.Reasons.Select(r => r.Code).Should().Equal(SavingsEstimate.NoBand);
    }

    [Fact]
    public void A_home_that_saves_a_fifth_has_saved_what_it_has()
    {
        var found = MadeUp.Estimate(MadeUp.Year(Home, noise: 2), Next(f => 0.8 * Home(f)));

        found.Verdict.Should().Be(Verdict.Saved);
        var avoided = found.Avoided!;
        avoided.Savings.Should().BeApproximately(avoided.Observed / 0.8 * 0.2, avoided.Bands!.Fsu);
        avoided.Counterfactual.Total.Should().BeApproximately(avoided.Counterfactual.Base + avoided.Counterfactual.Heating + avoided.Counterfactual.Cooling, 1e-9);
    }

    [Fact]
    public void More_than_the_model_says_is_said()
    {
        var found = MadeUp.Estimate(MadeUp.Year(Home, noise: 2), Next(f => 1.3 * Home(f)));

        found.Verdict.Should().Be(Verdict.UsedMore);
        found.Avoided!.Savings.Should().BeNegative();
    }

    [Fact]
    public void Homes_that_changed_nothing_are_told_so_in_nine_of_ten_cases()
    {
        var told = Enumerable.Range(1, 200).Count(seed =>
            MadeUp.Estimate(MadeUp.Year(Home, noise: 2, seed: seed), Next(Home, seed: 1000 + seed)).Verdict is Verdict.NoDetectableChange);

        told.Should().BeGreaterThanOrEqualTo(176); // 88 %
    }

    [Fact]
    public void A_day_without_use_or_temperature_is_in_no_sum()
    {
        var reporting = Next(Home).Select((d, i) => i switch { 3 => d with { Use = null }, 4 => d with { MeanF = null }, _ => d }).ToList();

        var found = MadeUp.Estimate(MadeUp.Year(Home, noise: 2), reporting);

        (found.Avoided!.Days, found.Avoided.MaskedDays).Should().Be((363, 2));
        found.Avoided.Observed.Should().BeApproximately(reporting.Where(d => d.IsValid).Sum(d => d.Use!.Value), 1e-9);
    }

    [Theory]
    [InlineData(3, 50.0)]
    [InlineData(3, null)]
    public void A_day_below_zero_after_the_change_is_somebodys_decision(int at, double? meanF)
    {
        var reporting = Next(f => 0.8 * Home(f)).Select((d, i) => i == at ? d with { Use = -1, MeanF = meanF } : d).ToList();

        var found = MadeUp.Estimate(MadeUp.Year(Home, noise: 2), reporting);

        (found.Verdict, found.Baseline.Sufficiency.Status).Should().Be((Verdict.NotEnoughData, SufficiencyStatus.Fail));
        found.Reasons.Should().Equal(new SufficiencyReason(Sufficiency.NegativeUse, 1, 0));
    }

    [Fact]
    public void Days_below_zero_before_and_after_are_one_reason()
    {
        var found = MadeUp.Estimate([.. MadeUp.Year(Home, noise: 2).Select((d, i) => i < 2 ? d with { Use = -1 } : d)], [.. Next(Home).Select((d, i) => i == 3 ? d with { Use = -1 } : d)]);

        found.Reasons.Should().Equal(new SufficiencyReason(Sufficiency.NegativeUse, 3, 0));
    }

    [Fact]
    public void Periods_added_up_keep_their_days_below_zero()
    {
        var found = MadeUp.Estimate(MadeUp.Year(Home, noise: 2), [.. Next(Home).Select((d, i) => i == 3 ? d with { Use = -1 } : d)]);

        AvoidedUse.Sum(found.Baseline.Statistics!, [found.Avoided!, found.Avoided!]).NegativeDays.Should().Be(2);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Where_there_is_no_band_no_figure_is_given_for_it(int days) // of two pairs the correlation is 1 or -1
    {
        var found = MadeUp.Estimate([.. MadeUp.Year(Home, noise: 2).Take(days).Select((d, i) => d with { Use = i % 2 == 0 ? 8 : 12 })], Next(Home));

        found.Avoided!.Bands.Should().BeNull();
        double.IsFinite(found.Baseline.Statistics!.EffectiveDays ?? 0).Should().BeTrue();
        found.Reasons.Should().Contain(new SufficiencyReason(SavingsEstimate.NoBand, null, null));
    }

    [Theory]
    [InlineData(28, 0, true)]
    [InlineData(27, 0, false)]
    [InlineData(80, 20, true)]
    [InlineData(79, 21, false)]
    public void Under_28_days_or_four_fifths_no_verdict_is_given(int valid, int missing, bool enough)
    {
        var reporting = Next(f => 0.5 * Home(f), days: valid + missing).Select((d, i) => i < missing ? d with { Use = null } : d).ToList();

        var verdict = MadeUp.Estimate(MadeUp.Year(Home, noise: 2), reporting).Verdict;

        (verdict is not Verdict.NotEnoughData).Should().Be(enough);
    }

    [Fact]
    public void A_model_that_is_a_guess_gives_no_verdict()
    {
        var found = MadeUp.Estimate(MadeUp.Year(_ => 5, noise: 8), Next(_ => 2));

        found.Baseline.Statistics!.Grade.Should().Be(ModelGrade.D);
        found.Reasons.Select(r => r.Code).Should().Contain(SavingsEstimate.ModelTooUncertain);
    }

    [Fact]
    public void Residuals_that_only_repeat_one_another_give_no_band()
    {
        // Higher in the second half of a year without weather: the model cannot know, and each residual is the one before.
        var found = MadeUp.Estimate([.. MadeUp.Year(_ => 10).Select((d, i) => d with { Use = i < 182 ? 8 : 12, MeanF = 50 })], Next(_ => 10));

        found.Avoided!.Bands.Should().BeNull();
        found.Reasons.Should().ContainSingle(r => r.Code == SavingsEstimate.NoBand);
    }

    [Fact]
    public void A_portfolio_sums_savings_and_squares_of_bands_and_leaves_guesses_out()
    {
        SavingsEstimate[] homes =
        [
            MadeUp.Estimate(MadeUp.Year(Home, noise: 2, seed: 1), Next(Home)),
            MadeUp.Estimate(MadeUp.Year(Home, noise: 2, seed: 2), Next(f => 0.9 * Home(f))),
            MadeUp.Estimate(MadeUp.Year(_ => 5, noise: 8), Next(_ => 2)),
        ];

        var sum = Portfolio.Of(homes);

        (sum.Homes, sum.LeftOut).Should().Be((2, 1));
        sum.Savings.Should().Be(homes[0].Avoided!.Savings + homes[1].Avoided!.Savings);
        sum.Band.Should().BeApproximately(Math.Sqrt(homes.Take(2).Sum(h => Math.Pow(h.Avoided!.Bands!.Fsu, 2))), 1e-9);
    }

    [Fact]
    public void Two_years_are_compared_on_the_weather_of_neither()
    {
        double[] normal = [.. MadeUp.Year(_ => 0, seed: 9).Select(d => d.MeanF!.Value)];
        var (before, after) = (Fit(MadeUp.Year(Home)), Fit(MadeUp.Year(f => 0.9 * Home(f), seed: 5)));

        var found = NormalisedSavings.Of(before, after, normal);

        found.Savings.Should().BeApproximately(0.1 * normal.Sum(Home), 1e-6);

        static (BaselineModel Model, FitStatistics Statistics) Fit(IReadOnlyList<UseDay> days)
        {
            double[] use = [.. days.Select(d => d.Use!.Value)], meanF = [.. days.Select(d => d.MeanF!.Value)];
            var model = ModelSearch.Best(use, meanF)!;
            return (model, FitStatistics.Of(model, use, meanF));
        }
    }

    private static IReadOnlyList<UseDay> Next(Func<double, double> useAt, int seed = 77, int days = 365) => MadeUp.Year(useAt, noise: 2, seed: seed, from: new LocalDate(2026, 1, 2), days: days);
}
