using Grid.Analytics;

namespace Grid.Portal;

/// <summary>Which intervals a request asks for. Dates are local, <paramref name="To"/> is left out.</summary>
internal sealed record ConsumptionQuery(LocalDate From, LocalDate To, Granularity Granularity)
{
    /// <summary>For slots and hours: a year and what a caller may want around it, about 20,000 values.</summary>
    public const int MaxFineDays = 400;

    /// <summary>For days, months and years.</summary>
    public const int MaxYears = 20;

    public static readonly IReadOnlyDictionary<string, Granularity> Granularities = new Dictionary<string, Granularity>(StringComparer.Ordinal)
    {
        ["slot"] = Granularity.Slot,
        ["hour"] = Granularity.Hour,
        ["day"] = Granularity.Day,
        ["month"] = Granularity.Month,
        ["year"] = Granularity.Year,
    };

    /// <summary>Null if <paramref name="parameters"/> has collected an error.</summary>
    public static ConsumptionQuery? Read(Parameters parameters, string? from, string? to, string? granularity)
    {
        var (start, end) = (parameters.Date("from", from), parameters.Date("to", to));
        if (parameters.OneOf("granularity", granularity, Granularities) is not { } kind) return null;
        if (kind < Granularity.Day) parameters.Span(start, end, start.PlusDays(MaxFineDays), $"{MaxFineDays} days for slots and hours");
        else parameters.Span(start, end, start.PlusYears(MaxYears), $"{MaxYears} years for days, months and years");
        return parameters.AreGood ? new(start, end, kind) : null;
    }
}
