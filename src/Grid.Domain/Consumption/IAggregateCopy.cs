namespace Grid.Domain;

/// <summary>Publishes finished household-days for dashboards. Repeating a call changes nothing.</summary>
public interface IAggregateCopy
{
    Task PublishAsync(IReadOnlyList<HouseholdDay> days, LocalCalendar calendar, CancellationToken ct);
}
