using Grid.Analytics;
using NodaTime.Text;
using SkiaSharp;

namespace Grid.Portal;

/// <summary>
/// A month's report as a page to keep: three sentences, one chart, one action, and the figures behind them. The same report, version and language give the
/// same bytes, whenever and wherever it is drawn.
/// </summary>
internal static class ReportDocument
{
    public static byte[] Draw(OwnReport own, string neighbourhood, LocalDate written, Words words)
    {
        var report = own.Report;
        var month = YearMonthPattern.Iso.Parse(report.Month).Value;
        var title = Formats.Capital(Formats.Month(month));
        using SKDynamicMemoryWStream stream = new();
        var at = own.CreatedAt.ToDateTimeUtc();
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = $"Grid · {title}", Author = "Grid", Producer = "Grid", Creation = at, Modified = at, RasterDpi = 300, EncodingQuality = 101 }))
        {
            Sheet sheet = new(document.BeginPage(Sheet.Width, Sheet.Height));
            sheet.Paragraph(words["Report.Document", neighbourhood, report.Household], 10, Sheet.Soft);
            sheet.Paragraph(title, 24, Sheet.Ink, bold: true);
            sheet.Space(8);
            Tell(sheet, report, words);
            if (report.DailyWh is { Count: > 0 } days && days.Any(d => d > 0))
            {
                sheet.Space(18);
                sheet.Paragraph(words["Report.Chart"], 10, Sheet.Soft);
                DailyBars.Draw(sheet, month, days);
            }

            if (report.Costs?.Action is { } action)
            {
                sheet.Space(14);
                sheet.Boxed(words["Action.Title"], words[$"Action.How.{action.Kind}"]);
            }

            sheet.Space(12);
            Figures(sheet, report, words);
            sheet.Space(10);
            foreach (var note in Notes(report, words)) sheet.Paragraph(note, 8, Sheet.Soft);
            sheet.Paragraph(words["Report.Foot", neighbourhood, own.Version, Formats.Date(written)], 8, Sheet.Soft);
            document.EndPage();
            document.Close();
        }

        using var data = stream.DetachAsData();
        return data.ToArray();
    }

    private static void Tell(Sheet sheet, MonthlyReport report, Words words)
    {
        foreach (var (sentence, i) in ReportSentences.Of(report, words).Select((s, i) => (s, i)))
        {
            sheet.Paragraph(sentence, i == 0 ? 15 : 12, Sheet.Ink, bold: i == 0);
            sheet.Space(4);
        }
    }

    private static void Figures(Sheet sheet, MonthlyReport report, Words words)
    {
        sheet.Rule();
        if (report.Energy.ImportWh is { } wh) sheet.Row(words["Report.Energy"], Formats.Energy(wh), bold: true);
        if (report.YearBefore is { ImportWh: { } before }) sheet.Row(Formats.Capital(Formats.Month(YearMonthPattern.Iso.Parse(report.Month).Value.PlusMonths(-12))), Formats.Energy(before));
        if (report.Neighbours is { Hidden: null, MeanWhPerDay: { } mean, Grade: { } grade } neighbours && report.Energy.WhPerDay is { } own)
        {
            sheet.Row($"{words["Neighbours.Title"]}: {words[$"Grade.{grade}"]}", words["Neighbours.PerDay", Formats.Energy(own)]);
            if (neighbours.EfficientWhPerDay is { } efficient) sheet.Row(words["Neighbours.Efficient"], words["Neighbours.PerDay", Formats.Energy(efficient)]);
            sheet.Row(words["Neighbours.All"], words["Neighbours.PerDay", Formats.Energy(mean)]);
        }

        if (report.Savings is { SinceStart: { Verdict: not Verdict.NotEnoughData } saved })
        {
            var (name, figure) = ReportSentences.Difference(saved, words);
            sheet.Row(name, figure);
        }

        if (report.Costs?.Bill is { } bill) sheet.Row(words["Cost.Total"], Formats.Euros(bill.TotalEur), bold: true);
        if (report.Costs?.Carbon is { } carbon) sheet.Row(words["Cost.Carbon"], Formats.Mass(carbon.Kg));
        if (report.Peak is { } peak) sheet.Row(words["Load.Peak"], Formats.Power(peak.PeakDemandW));
        if (report.StandByW is { } standBy) sheet.Row(words["Load.StandBy"], Formats.Power(standBy));
    }

    private static IEnumerable<string> Notes(MonthlyReport report, Words words)
    {
        if (ReportSentences.Worth(report, words).ToList() is { Count: > 0 } worth) yield return string.Join(' ', worth);
        if (report.Energy.CompleteDays < report.Energy.Days) yield return words["Report.Complete", report.Energy.CompleteDays, report.Energy.Days];
        if (report.Costs?.Bill is { IsComplete: false } bill) yield return ReportSentences.Missing(bill, words);
        if (report.Costs?.Carbon is { } carbon) yield return ReportSentences.Source(carbon, YearMonthPattern.Iso.Parse(report.Month).Value, words);
    }
}
