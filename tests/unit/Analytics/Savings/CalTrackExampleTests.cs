using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Tests;
using Grid.Wire;

namespace Grid.UnitTests.Analytics.Savings;

/// <summary>One gas meter of eemeter's samples, against what eemeter 3.2.0 computes for it.</summary>
public sealed class CalTrackExampleTests
{
    private const string Folder = "caltrack-example";

    [Fact]
    public void Model_statistics_savings_and_bands_are_those_of_the_reference()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Checkout.Neighbouring("data", Folder, "expected.json")));
        var root = expected.RootElement;
        var found = Estimate();

        var parameters = root.GetProperty("params");
        found.Baseline.Model!.Family.Should().Be(root.GetProperty("model_type").GetString());
        Same(found.Baseline.Model.BasePerDay, parameters, "intercept");
        Same(found.Baseline.Model.Heating!.PerDegreeDay, parameters, "beta_hdd");
        Same(found.Baseline.Model.Heating.BalanceF, parameters, "heating_balance_point");

        var metrics = root.GetProperty("metrics");
        var fit = found.Baseline.Statistics!;
        Same(fit.MeanUse, metrics, "observed_mean");
        Same(fit.UseVariance, metrics, "observed_variance");
        Same(fit.R2, metrics, "r_squared");
        Same(fit.AdjustedR2, metrics, "r_squared_adj");
        Same(fit.Rmse, metrics, "rmse");
        Same(fit.RmseAdjusted, metrics, "rmse_adj");
        Same(fit.CvRmse, metrics, "cvrmse_adj");
        Same(fit.Autocorrelation!.Value, metrics, "autocorr_resid");
        Same(fit.EffectiveDays!.Value, metrics, "n_prime");
        fit.Nmbe.Should().BeApproximately(0, 1e-12);

        var metered = root.GetProperty("metered");
        var avoided = found.Avoided!;
        avoided.Days.Should().Be(metered.GetProperty("n").GetInt32());
        Near(avoided.Counterfactual.Total, metered, "counterfactual");
        Near(avoided.Observed, metered, "observed");
        Near(avoided.Savings, metered, "savings");
        var bands = metered.GetProperty("bands");
        Near(avoided.Bands!.FsuOfBaseline, bands, "FSU Error Band");
        Near(avoided.Bands.Ols, bands, "OLS Error Band");
        Near(avoided.Bands.OlsModel, bands, "OLS Error Band: Model Error");
        Near(avoided.Bands.OlsNoise, bands, "OLS Error Band: Noise");
        Near(avoided.Bands.Fsu, root, "fsu_band_spec_literal");
        Same(avoided.Bands.T, root, "t");
        found.Verdict.Should().Be(Verdict.Saved);
    }

    private static SavingsEstimate Estimate()
    {
        LocalCalendar utc = new(DateTimeZone.Utc);
        var use = DailyUse.Of(SeriesFile.ReadValues(Checkout.Neighbouring("data", Folder, "il-gas-hdd-only-daily.csv")).Select(v => new TimedValue(v.Start, v.Value)), utc, zeroIsAValue: true).Days;
        var outside = SeriesFile.ReadDays(Checkout.Neighbouring("data", Folder, "il-tempF-daily-mean.csv"))!.ToDictionary(d => d.Day, d => DailyTemperature.OfHours(d.Mean, d.Hours));
        return SavingsEstimate.Of(
            Baseline.Fit([.. Days(new(2015, 12, 27), new(2016, 12, 25))], new(2015, 12, 27), new(2016, 12, 25), cooling: false), [.. Days(new(2017, 1, 4), new(2018, 1, 3))]);

        IEnumerable<UseDay> Days(LocalDate first, LocalDate last)
        {
            for (var day = first; day <= last; day = day.PlusDays(1)) yield return new(day, use.GetValueOrDefault(day), outside.GetValueOrDefault(day).Mean, outside.GetValueOrDefault(day).Share);
        }
    }

    private static void Same(double found, JsonElement of, string name) => found.Should().BeApproximately(Number(of, name), Math.Abs(Number(of, name)) * 1e-6, name);

    private static void Near(double found, JsonElement of, string name) => found.Should().BeApproximately(Number(of, name), 0.01, name);

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();
}
