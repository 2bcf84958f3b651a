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

    /// <summary>How far use was from what the weather would have taken: the words say in which direction, the figure has no sign.</summary>
    public static (string Name, string Figure) Difference(SavedEnergy energy, Words words) => (
        words[energy.SavedKwh < 0 ? "Saved.Difference.More" : "Saved.Difference.Less"],
        $"{Formats.Energy(Wh(Math.Abs(energy.SavedKwh)))} ± {Formats.Energy(Wh(energy.BandKwh ?? 0))}");

    /// <summary>What the savings are worth; nothing where that cannot be told from chance, or goes against the energy (METHOD.md rule 7.8).</summary>
    public static IEnumerable<string> Worth(MonthlyReport report, Words words)
    {
        if (report is not { Savings.SinceStart: { Verdict: Verdict.Saved or Verdict.UsedMore } energy, Costs.SinceStart: { } worth }) yield break;
        var how = energy.Verdict is Verdict.Saved ? "Less" : "More";
        if (worth is { Eur: { } eur, EurBand: { } eurBand } && Math.Abs(eur) > eurBand && eur > 0 == energy.SavedKwh > 0)
            yield return words[$"Worth.{how}{(worth.EurIsEstimated ? ".Estimated" : "")}", Formats.AboutEuros(Math.Abs(eur)), Formats.AboutEuros(eurBand)];
        if (worth is { Kg: { } kg, KgBand: { } kgBand } && Math.Abs(kg) > kgBand && kg > 0 == energy.SavedKwh > 0)
            yield return words[$"Worth.{how}.Carbon", Formats.Mass(Math.Abs(kg)), Formats.Mass(kgBand)];
    }

    public static string Action(SavingAction action, Words words) => words[$"Action.{action.Kind}", Formats.AboutEuros(action.YearlyEur), Formats.Energy(1000L * action.YearlyKwh)];

    /// <summary>What the sun did for the home.</summary>
    public static string Balance(MonthBalance balance, Words words) => balance is { SelfConsumption: { } stayed, SelfSufficiency: { } covered }
        ? words["Balance.Sun", Formats.Percent(100 * covered), Formats.Percent(100 * stayed)]
        : words["Balance.NoSun"];

    /// <summary>What of the month is not in its bill.</summary>
    public static string Missing(MonthBill bill, Words words)
    {
        List<string> sentences = [words["Cost.Part"]];
        if (bill.UnpricedWh > 0) sentences.Add(words["Cost.Part.Unpriced", Formats.Energy(bill.UnpricedWh)]);
        if (bill.UnknownSlots > 0) sentences.Add(words["Cost.Part.Unknown", bill.UnknownSlots]);
        return string.Join(' ', sentences);
    }

    /// <summary>What the CO2 of a month was reckoned with.</summary>
    public static string Source(MonthCarbon carbon, YearMonth month, Words words)
    {
        var (year, grams) = GridIntensity.OfYear(month.Year);
        return words[$"Cost.Carbon.{carbon.Kind}", Formats.Grams(carbon.GramsPerKwh)] + words[$"Cost.Source.{carbon.Source}", year, Formats.Grams(grams)];
    }

    public static LocalDate Day(string iso) => NodaTime.Text.LocalDatePattern.Iso.Parse(iso).Value;

    public static long Wh(double kwh) => (long)Math.Round(kwh * 1000);
}
