using SkiaSharp;

namespace Grid.Portal;

/// <summary>A month's days as bars; a day of which nothing is known has none.</summary>
internal static class DailyBars
{
    private const float Tall = 118;
    private const float Axis = 30;
    private const float LabelSize = 8;
    private const int Steps = 4;

    public static void Draw(Sheet sheet, YearMonth month, IReadOnlyList<long?> dailyWh)
    {
        var top = sheet.Y + LabelSize;
        var step = StepWh(dailyWh.Max() ?? 0);
        using var font = Sheet.Font(LabelSize);
        using SKPaint line = new() { Color = Sheet.Line, StrokeWidth = 0.7f };
        using SKPaint bar = new() { Color = Sheet.Accent, IsAntialias = true };
        for (var i = 0; i <= Steps; i++)
        {
            var y = top + (Tall * (Steps - i) / Steps);
            sheet.Canvas.DrawLine(Sheet.Margin + Axis, y, Sheet.Margin + Sheet.Inner, y, line);
            sheet.Write(Formats.Kwh(step * i, step % 1000 == 0 ? 0 : 1), Sheet.Margin + Axis - 5, y + 3, font, Sheet.Soft, SKTextAlign.Right);
        }

        var wide = (Sheet.Inner - Axis) / dailyWh.Count;
        for (var i = 0; i < dailyWh.Count; i++)
        {
            var left = Sheet.Margin + Axis + (i * wide);
            var tall = Tall * (dailyWh[i] ?? 0) / (step * Steps);
            if (tall > 0) sheet.Canvas.DrawRoundRect(left + (0.14f * wide), top + Tall - tall, 0.72f * wide, tall, 1.5f, 1.5f, bar);
            var day = month.OnDayOfMonth(i + 1);
            if (i == 0 || day.DayOfWeek is IsoDayOfWeek.Monday) sheet.Write(day.Day.ToString(System.Globalization.CultureInfo.InvariantCulture), left + (wide / 2), top + Tall + 12, font, Sheet.Soft, SKTextAlign.Center);
        }

        sheet.Y = top + Tall + 16;
    }

    // 1, 2 or 5 times a power of ten: four of them reach over the largest.
    private static long StepWh(long most)
    {
        for (var decade = 100L; ; decade *= 10)
            foreach (var step in (long[])[decade, 2 * decade, 5 * decade])
                if (step * Steps >= most) return step;
    }
}
