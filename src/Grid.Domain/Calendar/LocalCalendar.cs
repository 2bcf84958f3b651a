namespace Grid.Domain;

/// <summary>
/// Days and half-hours as the neighbourhood's clocks show them. A day starts at its first local instant and has
/// 46, 48 or 50 half-hours in Europe/Paris; every border is computed here, never by a store.
/// </summary>
public sealed class LocalCalendar(DateTimeZone zone)
{
    public const string DefaultZone = "Europe/Paris";

    public static readonly Duration SlotLength = Duration.FromMinutes(30);

    public DateTimeZone Zone { get; } = zone;

    /// <exception cref="FormatException">The name is not in the IANA time zone database.</exception>
    public static LocalCalendar For(string timeZone) => new(DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone)
        ?? throw new FormatException($"'{timeZone}' is no time zone: an IANA name such as Europe/Paris is."));

    public LocalDate DayOf(Instant instant) => instant.InZone(Zone).Date;

    public Instant StartOf(LocalDate day) => Zone.AtStartOfDay(day).ToInstant();

    public Slot Whole(LocalDate day) => new(StartOf(day), StartOf(day.PlusDays(1)));

    /// <summary>The half-hours of a local day in order; the last one ends where the next day starts.</summary>
    public IReadOnlyList<Slot> SlotsOf(LocalDate day)
    {
        var (start, end) = Whole(day);
        List<Slot> slots = [];
        for (var at = start; at < end; at += SlotLength) slots.Add(new(at, Instant.Min(at + SlotLength, end)));
        return slots;
    }

    /// <summary>Every local day that a span touches.</summary>
    public IEnumerable<LocalDate> DaysFrom(Instant first, Instant last)
    {
        var end = DayOf(last);
        for (var day = DayOf(first); day <= end; day = day.PlusDays(1)) yield return day;
    }

    /// <summary>An instant with its local offset, as the HTTP contract prints it.</summary>
    public OffsetDateTime Local(Instant instant) => instant.InZone(Zone).ToOffsetDateTime();
}
