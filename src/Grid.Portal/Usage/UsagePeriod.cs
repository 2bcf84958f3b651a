using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Portal;

public enum UsageView
{
    Day = 1,
    Month = 2,
    Year = 3,
}

/// <summary>What the usage page shows: a day in half-hours, a month in days, or a year in months.</summary>
internal sealed record UsagePeriod(UsageView View, LocalDate Date)
{
    public LocalDate From => View switch
    {
        UsageView.Day => Date,
        UsageView.Month => Date.With(DateAdjusters.StartOfMonth),
        _ => new(Date.Year, 1, 1),
    };

    public LocalDate To => Step(From, 1);

    public UsagePeriod Previous => this with { Date = Step(From, -1) };

    public UsagePeriod Next => this with { Date = To };

    public Granularity Granularity => View switch
    {
        UsageView.Day => Granularity.Slot,
        UsageView.Month => Granularity.Day,
        _ => Granularity.Month,
    };

    public string ViewName => NameOf(View);

    public static string NameOf(UsageView view) => view switch { UsageView.Day => "day", UsageView.Month => "month", _ => "year" };

    /// <summary>A person's address that makes no sense shows the nearest thing that does: a page has no use for an error here.</summary>
    public static UsagePeriod Of(string? view, string? date, LocalDate today, Tenancy tenancy)
    {
        var last = tenancy.To is { } to ? LocalDate.Min(to.PlusDays(-1), today) : today;
        var asked = LocalDatePattern.Iso.Parse(date ?? "") is { Success: true, Value: var parsed } ? parsed : last;
        var shown = view switch { "month" => UsageView.Month, "year" => UsageView.Year, _ => UsageView.Day };
        return new(shown, LocalDate.Max(tenancy.From, LocalDate.Min(asked, last)));
    }

    private LocalDate Step(LocalDate from, int steps) => View switch
    {
        UsageView.Day => from.PlusDays(steps),
        UsageView.Month => from.PlusMonths(steps),
        _ => from.PlusYears(steps),
    };
}
