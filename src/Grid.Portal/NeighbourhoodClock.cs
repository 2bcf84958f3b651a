using Grid.Domain;

namespace Grid.Portal;

/// <summary>Now and today, as the neighbourhood's clocks show them.</summary>
internal sealed class NeighbourhoodClock(TimeProvider time, CurrentRegistry registry)
{
    public LocalCalendar Calendar => registry.Snapshot.Calendar;

    public string Neighbourhood => registry.Snapshot.Neighbourhood;

    public Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());

    public LocalDate Today => Calendar.DayOf(Now);
}
