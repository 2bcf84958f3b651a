namespace Grid.Portal;

/// <summary>How a bar of a view is called, under the axis and in full.</summary>
internal static class UsageLabels
{
    public static string Axis(UsageView view, LocalDateTime start) => view switch
    {
        UsageView.Day => Formats.Time(start.TimeOfDay),
        UsageView.Month => start.Day.ToString(System.Globalization.CultureInfo.CurrentCulture),
        _ => Formats.ShortMonth(start.Date.ToYearMonth()),
    };

    public static string Full(UsageView view, LocalDateTime start) => view switch
    {
        UsageView.Day => $"{Formats.Time(start.TimeOfDay)}–{Formats.Time(start.TimeOfDay.PlusMinutes(30))}",
        UsageView.Month => Formats.Capital(Formats.Day(start.Date)),
        _ => Formats.Capital(Formats.Month(start.Date.ToYearMonth())),
    };

    /// <summary>Half-hours need two decimals, days one, months none.</summary>
    public static int Decimals(UsageView view) => view switch { UsageView.Day => 2, UsageView.Month => 1, _ => 0 };

    public static string State(RowState state) => state switch
    {
        RowState.Measured => "measured",
        RowState.Estimated => "estimated",
        RowState.Partial => "partial",
        RowState.NoData => "nodata",
        RowState.SoFar => "sofar",
        _ => "none",
    };
}
