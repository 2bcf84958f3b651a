using Grid.Analytics;
using NodaTime.Text;

namespace Grid.Portal;

/// <summary>The one sentence that a month's report starts with.</summary>
/// <param name="Key">The text's key, which has the month as part 0.</param>
internal sealed record Headline(string Key, YearMonth Month, double Percent = 0, double Degrees = 0, long Wh = 0)
{
    /// <summary>Within this many percent two months are about the same.</summary>
    public const double SamePercent = 2;

    /// <summary>From here on the weather is worth a word beside the change.</summary>
    public const double NotableDegrees = 1;

    public static Headline Of(MonthlyReport report)
    {
        var month = YearMonthPattern.Iso.Parse(report.Month).Value;
        if (report.Energy.ImportWh is not { } wh) return new("Headline.NoData", month);
        if (report.ChangePercent is not { } change) return new(Alone(report.Neighbours.Grade), month, Wh: wh);
        var warmer = (report.MeanCelsius - report.YearBeforeMeanCelsius) ?? 0;
        var percent = Math.Abs(change);
        if (percent < SamePercent) return new("Headline.Same", month, percent, Wh: wh);
        if (change < 0) return new(warmer >= NotableDegrees ? "Headline.LessWarmer" : "Headline.Less", month, percent, Math.Abs(warmer), wh);
        return new(warmer <= -NotableDegrees ? "Headline.MoreColder" : "Headline.More", month, percent, Math.Abs(warmer), wh);
    }

    public string In(Words words) =>
        words[Key, Formats.Month(Month), Formats.Month(Month.PlusMonths(-12)), Formats.Percent(Percent), Formats.Degrees(Degrees), Formats.Energy(Wh)];

    // Without a year before, a home that does well hears that first: approval, not a bare number.
    private static string Alone(Grade? grade) => grade switch
    {
        Grade.Great => "Headline.Great",
        Grade.Good => "Headline.Good",
        _ => "Headline.Plain",
    };
}
