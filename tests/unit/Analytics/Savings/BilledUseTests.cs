using CsCheck;
using Grid.Analytics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearRegression;

namespace Grid.UnitTests.Analytics.Savings;

public sealed class BilledUseTests
{
    private static readonly Func<double, double> Home = f => 9 + (0.4 * Math.Max(60 - f, 0));
    private static readonly int[] Lengths = [30, 31, 29, 32, 33, 28, 30, 31, 30, 29, 31, 31]; // 365 days

    [Fact]
    public void Bills_of_a_home_that_heats_find_the_home_that_its_days_find()
    {
        var found = Baseline.FitBills(Billed(MadeUp.Year(Home)), MadeUp.First, MadeUp.Last);

        found.Sufficiency.Status.Should().Be(SufficiencyStatus.Pass);
        found.Model!.BasePerDay.Should().BeApproximately(9, 1e-9);
        found.Model.Heating!.PerDegreeDay.Should().BeApproximately(0.4, 1e-9);
        found.Model.Heating.BalanceF.Should().Be(60);
        (found.Model.Cooling?.PerDegreeDay ?? 0).Should().BeLessThan(1e-9); // two models without an error are parted by rounding
        (found.Statistics!.Days, found.Statistics.DaysABill).Should().Be((12, 365 / 12.0));
    }

    [Fact]
    public void Bills_of_a_home_that_heats_and_cools_do_too_though_a_bill_has_both() // in spring
    {
        var found = Baseline.FitBills(Billed(MadeUp.Year(f => 8 + (0.25 * Math.Max(58 - f, 0)) + (0.5 * Math.Max(f - 64, 0)))), MadeUp.First, MadeUp.Last).Model!;

        (found.Family, found.Heating!.BalanceF, found.Cooling!.BalanceF).Should().Be(("cdd_hdd", 58.0, 64.0));
        found.Cooling.PerDegreeDay.Should().BeApproximately(0.5, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_chooses_what_weighted_regression_of_every_candidate_one_by_one_chooses(int seed)
    {
        var bills = Billed(MadeUp.Year(f => 9 + (0.2 * Math.Max(57 - f, 0)) + (0.15 * seed * Math.Max(f - 66, 0)), noise: 6, seed: seed));

        var found = Baseline.FitBills(bills, MadeUp.First, MadeUp.Last);

        var (h, c, parameters, adjusted) = Slowly(bills);
        (found.Model!.Heating?.BalanceF, found.Model.Cooling?.BalanceF).Should().Be((h, c));
        found.Model.BasePerDay.Should().BeApproximately(parameters[0], 1e-8);
        if (h is not null) found.Model.Heating!.PerDegreeDay.Should().BeApproximately(parameters[1], 1e-8);
        if (c is not null) found.Model.Cooling!.PerDegreeDay.Should().BeApproximately(parameters[^1], 1e-8);
        found.Statistics!.AdjustedR2.Should().BeApproximately(adjusted, 1e-9);
    }

    [Fact]
    public void A_longer_bill_weighs_more() // 30 days at 10 and 60 at 13 are 12 a day
    {
        UseBill[] bills = [Of(30, 300), Of(60, 780), Of(30, 300), Of(60, 780)];

        Baseline.FitBills(bills, MadeUp.First, MadeUp.Last).Model.Should().Be(new BaselineModel(12, null, null));

        static UseBill Of(int days, double use) => new(MadeUp.First, MadeUp.First.PlusDays(days), use, [.. Enumerable.Repeat(95.0, days)]);
    }

    [Fact]
    public void The_statistics_and_the_band_are_those_of_whole_bills()
    {
        var bills = Billed(MadeUp.Year(Home, noise: 8));
        var baseline = Baseline.FitBills(bills, MadeUp.First, MadeUp.Last);
        var reporting = Billed(MadeUp.Year(f => 0.8 * Home(f), seed: 5, noise: 8, from: new LocalDate(2026, 1, 2))).Take(6).ToList();

        var avoided = AvoidedUse.OfBills(baseline.Model!, baseline.Statistics!, reporting, periodDays: 200);

        var e = bills.Select(b => b.MeanF.Sum(f => baseline.Model!.Of(f).Total) - b.Use).ToArray();
        var (mean, c) = (bills.Average(b => b.Use), baseline.Model!.Slopes);
        var rmse = Math.Sqrt(e.Sum(x => x * x) / (12 - c));
        var rho = MathNet.Numerics.Statistics.Correlation.Pearson(e[1..], e[..^1]);
        var effective = 12 * (1 - rho) / (1 + rho);
        var (days, expected) = (reporting.Sum(b => b.Days), reporting.Sum(b => b.MeanF.Sum(f => baseline.Model.Of(f).Total)));
        var m = days / 30.0;
        var band = StudentT.InvCDF(0, 1, 12 - c, 0.95) * ((-0.00022 * m * m) + (0.03306 * m) + 0.94054) * (rmse / mean) * Math.Sqrt(12 / effective * (1 + (2 / effective)) / 6) * expected;
        (avoided.Days, avoided.MaskedDays, avoided.Bills).Should().Be((183, 17, 6));
        avoided.Counterfactual.Total.Should().BeApproximately(expected, 1e-9);
        avoided.Observed.Should().BeApproximately(reporting.Sum(b => b.Use), 1e-9);
        avoided.Bands!.Fsu.Should().BeApproximately(band, 1e-9);
    }

    [Fact]
    public void In_another_unit_the_same_home_has_the_same_balance_points_and_savings_in_it() => Gen.Select(Gen.Int[1, 10_000], Gen.Double[0.001, 1000]).Sample(
        (seed, scale) =>
        {
            var (before, after) = (Billed(MadeUp.Year(Home, noise: 4, seed: seed)), Billed(MadeUp.Year(Home, noise: 4, seed: seed + 1)));
            var (one, other) = (Estimate(before, after), Estimate(Scaled(before), Scaled(after)));
            return one.Baseline.Model!.Heating?.BalanceF == other.Baseline.Model!.Heating?.BalanceF && one.Baseline.Model.Cooling?.BalanceF == other.Baseline.Model.Cooling?.BalanceF
                && Math.Abs((other.Avoided!.Savings / scale) - one.Avoided!.Savings) < 1e-6 && one.Verdict == other.Verdict;

            List<UseBill> Scaled(List<UseBill> bills) => [.. bills.Select(b => b with { Use = b.Use * scale })];
        },
        iter: 30);

    [Fact]
    public void The_same_bills_in_another_year_are_the_same_home() => Gen.Select(Gen.Int[1, 10_000], Gen.Int[-800, 800]).Sample(
        (seed, shift) =>
        {
            var days = MadeUp.Year(Home, noise: 4, seed: seed);
            var one = Baseline.FitBills(Billed(days), MadeUp.First, MadeUp.Last);
            var other = Baseline.FitBills(Billed([.. days.Select(d => d with { Day = d.Day.PlusDays(shift) })]), MadeUp.First.PlusDays(shift), MadeUp.Last.PlusDays(shift));
            return one.Model == other.Model && one.Statistics == other.Statistics && one.Sufficiency.Status == other.Sufficiency.Status;
        },
        iter: 30);

    [Fact]
    public void What_was_used_is_expected_again_whatever_the_lengths() => Gen.Select(Gen.Int[1, 10_000], Gen.Int[25, 35].Array[12]).Sample(
        (seed, lengths) =>
        {
            var bills = Billed(MadeUp.Year(Home, noise: 4, seed: seed, days: lengths.Sum()), lengths);
            var fitted = Baseline.FitBills(bills, MadeUp.First, bills[^1].Next.PlusDays(-1));
            return Math.Abs(AvoidedUse.OfBills(fitted.Model!, fitted.Statistics!, bills, lengths.Sum()).Savings) < 1e-6; // the mean goes through the mean
        },
        iter: 50);

    [Theory]
    [InlineData(24, false, BilledUse.TooShort)]
    [InlineData(25, false, null)]
    [InlineData(35, false, null)]
    [InlineData(36, false, BilledUse.TooLong)]
    [InlineData(70, true, null)]
    [InlineData(71, true, BilledUse.TooLong)]
    public void A_bill_of_any_other_length_is_dropped(int days, bool bimonthly, string? why)
    {
        var found = Clean([new(MadeUp.First, MadeUp.First.PlusDays(days), 300)], bimonthly: bimonthly);

        (found.Bills.Count, found.Dropped.SingleOrDefault()?.Code).Should().Be((why is null ? 1 : 0, why));
    }

    [Fact]
    public void An_estimated_read_is_merged_with_the_next_up_to_70_days()
    {
        var merged = Clean([Bill(0, 30, 300, true), Bill(30, 40, 500), Bill(70, 30, 200)]);
        merged.Bills.Select(b => (b.Days, b.Use)).Should().Equal((70, 800.0), (30, 200.0));
        merged.Dropped.Should().BeEmpty();

        var late = Clean([Bill(0, 30, 300, true), Bill(30, 30, 300, true), Bill(60, 30, 300), Bill(90, 30, 200)]);
        late.Bills.Select(b => b.Use).Should().Equal(200);
        late.Dropped.Should().Equal(new SufficiencyReason(BilledUse.NotReadInTime, 90, 70, Bill: "2025-01-01"));

        Clean([Bill(0, 30, 300, true)]).Dropped.Should().ContainSingle(r => r.Code == BilledUse.NotReadInTime);
        Clean([Bill(0, 30, null, true), Bill(30, 30, 300)]).Dropped.Should().ContainSingle(r => r.Code == BilledUse.WithoutUse);
    }

    [Fact]
    public void A_bill_of_nothing_is_a_silent_meter_unless_it_is_gas()
    {
        Clean([Bill(0, 30, 0)]).Dropped.Should().ContainSingle(r => r.Code == BilledUse.WithoutUse);
        Clean([Bill(0, 30, 0)], zeroIsAValue: true).Bills.Should().ContainSingle();
    }

    [Theory]
    [InlineData(27, true)]
    [InlineData(26, false)]
    public void Nine_tenths_of_a_bills_hours_must_have_a_temperature(int days, bool enough)
    {
        var outside = Enumerable.Range(0, days).ToDictionary(d => MadeUp.First.PlusDays(d), d => new DailyTemperature(50 + d, 1));

        var found = BilledUse.Of([Bill(0, 30, 300)], outside, bimonthly: false, zeroIsAValue: false);

        found.Bills.Count.Should().Be(enough ? 1 : 0);
        if (enough) found.Bills[0].Modelled(new(0, new(1, 90), null)).Total.Should().BeApproximately(30 * (90 - 63), 1e-9); // of all its days, not of 27
        else found.Dropped[0].Code.Should().Be(BilledUse.WithoutTemperature);
    }

    [Fact]
    public void A_bill_that_reaches_out_of_the_period_is_not_in_it_and_too_few_are_not_enough()
    {
        BilledUse use = new(Billed(MadeUp.Year(Home, noise: 1)), []);

        use.Within(MadeUp.First, MadeUp.Last).Should().HaveCount(12);
        use.Within(MadeUp.First.PlusDays(1), MadeUp.Last).Should().HaveCount(11);
        use.Within(MadeUp.First, MadeUp.Last.PlusDays(-1)).Should().HaveCount(11);
        Codes([.. use.Bills.Skip(1)]).Should().BeEmpty(); // 335 of 365 days
        Codes([.. use.Bills.Skip(2)]).Should().Equal(Sufficiency.TooFewValidDays, Sufficiency.TooFewMeterDays, Sufficiency.TooFewTemperatureDays);
        Codes([.. use.Bills.Skip(1), use.Bills[0] with { Use = -3 }]).Should().Equal(Sufficiency.NegativeUse);

        static IEnumerable<string> Codes(UseBill[] bills) => Baseline.FitBills(bills, MadeUp.First, MadeUp.Last).Sufficiency.Reasons.Select(r => r.Code);
    }

    [Fact]
    public void The_days_of_a_bill_below_zero_after_the_change_are_somebodys_decision()
    {
        var after = Billed(MadeUp.Year(Home, noise: 4, seed: 2));

        Estimate(Billed(MadeUp.Year(Home, noise: 4)), [after[0] with { Use = -3 }, .. after.Skip(1)]).Reasons.Should().Equal(new SufficiencyReason(Sufficiency.NegativeUse, after[0].Days, 0));
    }

    [Fact]
    public void Three_cold_bills_may_heat_though_ten_cold_days_are_not_there_and_under_20_degree_days_none_may()
    {
        Baseline.FitBills(Cold(1), MadeUp.First, MadeUp.Last, cooling: false).Model!.Family.Should().Be("hdd_only"); // 3 × 30 × 1 degree days
        Baseline.FitBills(Cold(0.2), MadeUp.First, MadeUp.Last, cooling: false).Model!.Family.Should().Be("intercept_only"); // 18 of them

        static UseBill[] Cold(double by) =>
            [.. Enumerable.Range(0, 12).Select(i => new UseBill(MadeUp.First.PlusDays(30 * i), MadeUp.First.PlusDays(30 * (i + 1)), i < 3 ? 600 + i : 300 + i, [.. Enumerable.Repeat(i < 3 ? 90 - by : 95.0, 30)]))];
    }

    private static BilledPeriod Bill(int start, int days, double? use, bool estimated = false) => new(MadeUp.First.PlusDays(start), MadeUp.First.PlusDays(start + days), use, estimated);

    private static BilledUse Clean(IReadOnlyList<BilledPeriod> bills, bool bimonthly = false, bool zeroIsAValue = false) =>
        BilledUse.Of(bills, Enumerable.Range(0, 200).ToDictionary(d => MadeUp.First.PlusDays(d), _ => new DailyTemperature(50, 1)), bimonthly, zeroIsAValue);

    private static SavingsEstimate Estimate(List<UseBill> before, List<UseBill> after)
    {
        var baseline = Baseline.FitBills(before, MadeUp.First, MadeUp.Last);
        return SavingsEstimate.Of(baseline, AvoidedUse.OfBills(baseline.Model!, baseline.Statistics!, after, 365));
    }

    // The days' sums, bill by bill.
    private static List<UseBill> Billed(IReadOnlyList<UseDay> days, int[]? lengths = null)
    {
        List<UseBill> bills = [];
        var done = 0;
        foreach (var length in lengths ?? Lengths)
        {
            var own = days.Skip(done).Take(length).ToList();
            bills.Add(new(own[0].Day, own[^1].Day.PlusDays(1), own.Sum(d => d.Use!.Value), [.. own.Select(d => d.MeanF!.Value)]));
            done += length;
        }

        return bills;
    }

    private static (double? H, double? C, double[] Parameters, double Adjusted) Slowly(List<UseBill> bills)
    {
        double[] perDay = [.. bills.Select(b => b.Use / b.Days)], weights = [.. bills.Select(b => (double)b.Days)];
        var mean = bills.Sum(b => b.Use) / weights.Sum();
        var total = perDay.Select((u, i) => weights[i] * Math.Pow(u - mean, 2)).Sum();
        var found = (H: (double?)null, C: (double?)null, Parameters: (double[])[mean], Adjusted: 0.0);
        for (var c = 29; c <= 90; c++)
            for (var h = 29; h <= (c == 29 ? 90 : c); h++)
            {
                List<Func<double, double>> terms = [];
                if (h > 29) terms.Add(f => Math.Max(h - f, 0));
                if (c > 29) terms.Add(f => Math.Max(f - c, 0));
                if (terms.Count == 0 || terms.Exists(t => bills.Sum(b => b.MeanF.Sum(t)) < 20)) continue;
                var x = Matrix<double>.Build.DenseOfRows(bills.Select(b => terms.Select(t => b.MeanF.Average(t)).Prepend(1)));
                var p = WeightedRegression.Weighted(x, Vector<double>.Build.Dense(perDay), Matrix<double>.Build.DenseOfDiagonalArray(weights));
                if (p.Any(v => v < 0)) continue;
                var left = (x * p).Select((u, i) => weights[i] * Math.Pow(u - perDay[i], 2)).Sum();
                var adjusted = 1 - (left / (bills.Count - terms.Count - 1) / (total / (bills.Count - 1)));
                if (adjusted > found.Adjusted) found = (h > 29 ? h : null, c > 29 ? c : null, p.ToArray(), adjusted);
            }

        return found;
    }
}
