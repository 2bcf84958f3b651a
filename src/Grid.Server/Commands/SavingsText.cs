using System.Globalization;
using System.Text;
using Grid.Analytics;

namespace Grid.Server;

/// <summary>A savings estimate for a terminal, and for programs.</summary>
internal static class SavingsText
{
    public static object Json(SavingsAnswer answer) => Json(answer.Found, answer);

    private static object Json(SavingsEstimate found, SavingsAnswer answer) => new
    {
        Status = found.Baseline.Sufficiency.Status switch
        {
            SufficiencyStatus.NoData => "NO DATA",
            SufficiencyStatus.Fail => "FAIL",
            _ => found.Baseline.Model is null ? "NO MODEL" : "PASS",
        },
        Model = found.Baseline.Model is { } model ? new
        {
            Type = model.Family,
            Intercept = model.BasePerDay,
            BetaHdd = model.Heating?.PerDegreeDay,
            HeatingBalancePointF = model.Heating?.BalanceF,
            BetaCdd = model.Cooling?.PerDegreeDay,
            CoolingBalancePointF = model.Cooling?.BalanceF,
        } : null,
        Statistics = found.Baseline.Statistics is { } fit ? new
        {
            fit.Days,
            NumParameters = fit.Slopes,
            fit.MeanUse,
            RSquared = fit.R2,
            RSquaredAdj = fit.AdjustedR2,
            fit.Rmse,
            RmseAdj = fit.RmseAdjusted,
            CvrmseAdj = fit.CvRmse,
            fit.Nmbe,
            AutocorrResid = fit.Autocorrelation,
            NPrime = fit.EffectiveDays,
            Grade = fit.Grade.ToString(),
            fit.DependsOnWeather,
            fit.DaysABill,
        } : null,
        Savings = found.Avoided is { } avoided ? new
        {
            avoided.Days,
            avoided.MaskedDays,
            avoided.Bills,
            Counterfactual = avoided.Counterfactual.Total,
            avoided.Counterfactual.Base,
            avoided.Counterfactual.Heating,
            avoided.Counterfactual.Cooling,
            avoided.Observed,
            avoided.Savings,
            Bands = avoided.Bands is { } bands ? new
            {
                bands.Confidence,
                bands.T,
                bands.Fsu,
                bands.FsuOfBaseline,
                bands.Ols,
                bands.OlsModel,
                bands.OlsNoise,
            } : null,
        } : null,
        Verdict = found.Verdict.Name(),
        found.Reasons,
        Warnings = Warnings(answer),
        Normalised = answer.Normalised is var (normal, before, after)
            ? new { normal?.Baseline, normal?.Reporting, normal?.Savings, normal?.Band, BaselineReasons = before, ReportingReasons = after }
            : null,
    };

    public static string Words(SavingsAnswer answer)
    {
        var found = answer.Found;
        StringBuilder text = new();
        if (found.Baseline.Model is { } model)
        {
            Line("model", $"{model.BasePerDay:0.###} a day{Term(model.Heating, "below")}{Term(model.Cooling, "above")}");
            var fit = found.Baseline.Statistics!;
            Line("fit", $"{Counted.Of(fit.Days, fit.DaysABill is null ? "day" : "bill")}, adjusted R² {fit.AdjustedR2:0.000}, CV(RMSE) {Figure(fit.CvRmse, "0.0 %")}, grade {fit.Grade}{(fit.DependsOnWeather ? "" : ", no weather dependence found")}");
        }

        if (found.Avoided is { } avoided)
        {
            Line("expected", $"{avoided.Counterfactual.Total:0.##} on {Counted.Of(avoided.Days, "day")} ({Counted.Of(avoided.MaskedDays, "day")} left out): base {avoided.Counterfactual.Base:0.##}, heating {avoided.Counterfactual.Heating:0.##}, cooling {avoided.Counterfactual.Cooling:0.##}");
            Line("used", $"{avoided.Observed:0.##}");
            Line("difference", $"{avoided.Savings:0.##} ± {(avoided.Bands is { } bands ? bands.Fsu.ToString("0.##", CultureInfo.InvariantCulture) : "an unknown amount")} (90 %)");
        }

        Line("verdict", $"{found.Verdict.Name().Replace('-', ' ')}");
        foreach (var reason in found.Reasons) Line("because", $"{Text(reason)}");
        if (answer.Normalised is var (normal, before, after))
        {
            if (normal is not null) Line("normal", $"in a normal year {normal.Baseline:0.##} before, {normal.Reporting:0.##} after, difference {normal.Savings:0.##} ± {normal.Band:0.##} (90 %)");
            foreach (var reason in before) Line("no normal", $"of the year before: {Text(reason)}");
            foreach (var reason in after) Line("no normal", $"of the year after: {Text(reason)}");
        }

        foreach (var warning in Warnings(answer)) Line("look at", $"{Text(warning)}");
        return text.ToString().TrimEnd();

        void Line(string name, FormattableString words) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-11}{words.ToString(CultureInfo.InvariantCulture)}");
    }

    private static List<SufficiencyReason> Warnings(SavingsAnswer answer) => [.. answer.Found.Baseline.Sufficiency.Warnings, .. answer.LookAt];

    private static string Text(SufficiencyReason reason) =>
        $"{reason.Code}: {Figure(reason.Figure, "0.##")}{(reason.Bound is null ? "" : $" (bound {Figure(reason.Bound, "0.##")})")}{(reason.Bill is { } first ? $", bill from {first}" : "")}";

    private static string Figure(double? figure, string format) => figure is { } number && double.IsFinite(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "-";

    private static string Term(WeatherTerm? term, string side) => term is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" + {term.PerDegreeDay * 1.8:0.####} for each °C {side} {UseDay.Celsius(term.BalanceF):0.#} °C");
}
