using Grid.Analytics;

namespace Grid.Portal;

/// <summary>What a report says in words: the same on the page and in the document.</summary>
internal static class ReportSentences
{
    /// <summary>Three at most: what was used, what was saved, what to do.</summary>
    public static IReadOnlyList<string> Of(MonthlyReport report, Words words)
    {
        List<string> sentences = [Headline.Of(report).In(words)];
        if (report.Savings is { } savings) sentences.Add(Saved(savings, words));
        if (report.Costs?.Action is { } action) sentences.Add(Action(action, words));
        return sentences;
    }

    public static string Saved(HomeSavings savings, Words words)
    {
        // The months since the change tell more than one alone.
        var energy = savings.SinceStart;
        var since = Formats.Date(Day(savings.BaselineLast).PlusDays(1));
        var (amount, band) = (Formats.Energy(Wh(Math.Abs(energy.SavedKwh))), Formats.Energy(Wh(energy.BandKwh ?? 0)));
        return energy.Verdict switch
        {
            Verdict.Saved => words["Saved.Saved", since, amount, band],
            Verdict.UsedMore => words["Saved.UsedMore", since, amount, band],
            Verdict.NoDetectableChange => words["Saved.NoChange", since],
            _ => words["Saved.NotEnough"],
        };
    }

    /// <summary>What the savings are worth; nothing where nothing was saved that could be told from chance.</summary>
    public static IEnumerable<string> Worth(MonthlyReport report, Words words)
    {
        if (report is not { Savings.SinceStart.Verdict: Verdict.Saved or Verdict.UsedMore, Costs.SinceStart: { } worth }) yield break;
        if (worth is { Eur: { } eur, EurBand: { } eurBand })
            yield return words[worth.EurIsEstimated ? "Saved.Worth.Estimated" : "Saved.Worth", Formats.AboutEuros(Math.Abs(eur)), Formats.AboutEuros(eurBand)];
        if (worth is { Kg: { } kg, KgBand: { } kgBand }) yield return words["Saved.Carbon", Formats.Mass(Math.Abs(kg)), Formats.Mass(kgBand)];
    }

    public static string Action(SavingAction action, Words words) => words[$"Action.{action.Kind}", Formats.AboutEuros(action.YearlyEur), Formats.Energy(1000L * action.YearlyKwh)];

    /// <summary>What the CO2 of a month was reckoned with.</summary>
    public static string Source(MonthCarbon carbon, Words words) => $"{words[$"Cost.Carbon.{carbon.Kind}"]}, {words[$"Cost.Source.{carbon.Source}"]}";

    public static LocalDate Day(string iso) => NodaTime.Text.LocalDatePattern.Iso.Parse(iso).Value;

    public static long Wh(double kwh) => (long)Math.Round(kwh * 1000);
}
