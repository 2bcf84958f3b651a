using CsCheck;
using Grid.Analytics;
using MathNet.Numerics.LinearRegression;

namespace Grid.UnitTests.Analytics.Savings;

public sealed class ModelSearchTests
{
    [Fact]
    public void A_home_that_heats_is_found_as_it_was_made()
    {
        var model = Best(MadeUp.Year(f => 5 + (0.3 * Math.Max(61 - f, 0))));

        model.Family.Should().Be("hdd_only");
        model.BasePerDay.Should().BeApproximately(5, 1e-9);
        model.Heating!.PerDegreeDay.Should().BeApproximately(0.3, 1e-9);
        model.Heating.BalanceF.Should().Be(61);
    }

    [Fact]
    public void A_home_that_heats_and_cools_is_found_as_it_was_made()
    {
        var model = Best(MadeUp.Year(f => 8 + (0.25 * Math.Max(58 - f, 0)) + (0.5 * Math.Max(f - 70, 0))));

        (model.Family, model.Heating!.BalanceF, model.Cooling!.BalanceF).Should().Be(("cdd_hdd", 58.0, 70.0));
        model.Cooling.PerDegreeDay.Should().BeApproximately(0.5, 1e-9);
        Best(MadeUp.Year(f => 8 + (0.5 * Math.Max(f - 70, 0)))).Family.Should().Be("cdd_only");
    }

    [Fact]
    public void The_same_use_every_day_depends_on_no_weather_whatever_rounding_leaves_of_it() => Gen.Select(Gen.Int[1, 10_000], Gen.Double[0.001, 1000]).Sample(
        (seed, use) =>
        {
            var model = Best(MadeUp.Year(_ => use, seed: seed));
            return model.Slopes == 0 && Math.Abs(model.BasePerDay - use) < 1e-12 * use;
        },
        iter: 100);

    [Fact]
    public void A_slope_that_would_be_negative_is_none()
    {
        var model = Best(MadeUp.Year(f => 2 + (0.1 * f)), cooling: false); // more the warmer it is, where nothing may cool

        model.Family.Should().Be("intercept_only");
    }

    [Fact]
    public void Nine_days_of_degree_days_are_too_few_for_a_term_and_ten_are_enough()
    {
        Best(Cold(9), cooling: false).Family.Should().Be("intercept_only");
        Best(Cold(10), cooling: false).Family.Should().Be("hdd_only");

        // Warmer than every balance point, but for some days.
        static IReadOnlyList<UseDay> Cold(int days) => [.. Enumerable.Range(0, 100).Select(d => d < days ? new UseDay(MadeUp.First.PlusDays(d), 20 + (d % 3), 60) : new(MadeUp.First.PlusDays(d), 10 + (d % 3), 90))];
    }

    [Fact]
    public void Nineteen_degree_days_are_too_few_for_a_term_and_twenty_are_enough()
    {
        Best(Cold(1.9), cooling: false).Family.Should().Be("intercept_only");
        Best(Cold(2.1), cooling: false).Family.Should().Be("hdd_only");

        static IReadOnlyList<UseDay> Cold(double by) => [.. Enumerable.Range(0, 100).Select(d => d < 10 ? new UseDay(MadeUp.First.PlusDays(d), 20 + (d % 3), 90 - by) : new(MadeUp.First.PlusDays(d), 10 + (d % 3), 90))];
    }

    [Fact]
    public void Without_days_or_with_a_negative_mean_there_is_no_model()
    {
        ModelSearch.Best([], []).Should().BeNull();
        ModelSearch.Best([-2, -1, -3, -2, -2], [50, 51, 52, 53, 54]).Should().BeNull();
    }

    [Fact]
    public void Where_every_day_is_colder_than_several_balance_points_the_lowest_of_them_is_taken() => Gen.Select(Gen.Int[1, 10_000], Gen.Double[0.001, 1000]).Sample(
        (seed, scale) =>
        {
            // A straight line over all temperatures is the same line from each of them; only rounding tells them apart.
            var days = MadeUp.Year(f => scale * (60 - (0.4 * f)), seed: seed);
            return Best(days).Heating!.BalanceF == Math.Min(ModelSearch.HighestF, Math.Ceiling(days.Max(d => d.MeanF!.Value)));
        },
        iter: 100);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_chooses_what_fitting_every_candidate_one_by_one_chooses(int seed)
    {
        var days = MadeUp.Year(f => 9 + (0.2 * Math.Max(57 - f, 0)) + (0.1 * seed * Math.Max(f - 66, 0)), noise: 3, seed: seed);

        var model = Best(days);

        var slow = Slowly([.. days.Select(d => d.Use!.Value)], [.. days.Select(d => d.MeanF!.Value)]);
        (model.Heating?.BalanceF, model.Cooling?.BalanceF).Should().Be((slow.H, slow.C));
        model.BasePerDay.Should().BeApproximately(slow.Base, 1e-9);
    }

    [Fact]
    public void In_another_unit_the_same_home_has_the_same_balance_points() => Gen.Select(Gen.Int[1, 10_000], Gen.Double[0.001, 1000]).Sample(
        (seed, scale) =>
        {
            var days = MadeUp.Year(f => 9 + (0.2 * Math.Max(57 - f, 0)), noise: 2, seed: seed);
            var (model, scaled) = (Best(days), Best([.. days.Select(d => d with { Use = d.Use * scale })]));
            return model.Heating?.BalanceF == scaled.Heating?.BalanceF && model.Cooling?.BalanceF == scaled.Cooling?.BalanceF
                && Math.Abs((scaled.BasePerDay / scale) - model.BasePerDay) < 1e-9;
        },
        iter: 50);

    private static BaselineModel Best(IReadOnlyList<UseDay> days, bool cooling = true) =>
        ModelSearch.Best([.. days.Select(d => d.Use!.Value)], [.. days.Select(d => d.MeanF!.Value)], cooling)!;

    private static (double? H, double? C, double Base) Slowly(double[] use, double[] meanF)
    {
        var total = use.Sum(u => Math.Pow(u - use.Average(), 2));
        var (best, found) = (0.0, ((double?)null, (double?)null, use.Average()));
        for (var c = 29; c <= 90; c++)
            for (var h = 29; h <= (c == 29 ? 90 : c); h++)
            {
                List<Func<double, double>> terms = [];
                if (h > 29) terms.Add(f => Math.Max(h - f, 0));
                if (c > 29) terms.Add(f => Math.Max(f - c, 0));
                if (terms.Count == 0 || terms.Exists(t => meanF.Count(f => t(f) > 0) < 10 || meanF.Sum(t) < 20)) continue;
                double[][] x = [.. meanF.Select(f => terms.Select(t => t(f)).ToArray())];
                var p = MultipleRegression.QR(x, use, intercept: true);
                if (p.Any(v => v < 0)) continue;
                var left = use.Select((u, d) => Math.Pow(u - p[0] - x[d].Select((v, i) => v * p[i + 1]).Sum(), 2)).Sum();
                var adjusted = 1 - (left / (use.Length - terms.Count - 1) / (total / (use.Length - 1)));
                if (adjusted > best) (best, found) = (adjusted, (h > 29 ? h : null, c > 29 ? c : null, p[0]));
            }

        return found;
    }
}
