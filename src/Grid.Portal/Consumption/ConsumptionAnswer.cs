using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Portal;

/// <summary>The JSON of the HTTP contract: member names and their order are promised.</summary>
internal sealed record ConsumptionAnswer(string Household, string TimeZone, string Granularity, IReadOnlyList<ConsumptionAnswerValue> Values)
{
    // Zero is printed as +00:00 as well, so that a reader needs one form only.
    private static readonly OffsetDateTimePattern Start = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    /// <param name="days">The days that the account may see; all others are unknown.</param>
    public static ConsumptionAnswer Of(string household, ConsumptionQuery query, IEnumerable<HouseholdDay> days, LocalCalendar calendar) => new(
        household,
        calendar.Zone.Id,
        ConsumptionQuery.Granularities.First(g => g.Value == query.Granularity).Key,
        [
            .. Rollup.By(query.Granularity, days, query.From, query.To, calendar)
                .Select(v => new ConsumptionAnswerValue(Start.Format(calendar.Local(v.Start)), v.ImportWh, v.ExportWh, v.Quality.Name())),
        ]);
}

/// <param name="Start">Start of the interval with its local offset.</param>
/// <param name="ImportWh">Null if unknown, never zero for it.</param>
internal sealed record ConsumptionAnswerValue(string Start, long? ImportWh, long? ExportWh, string Quality);

/// <param name="From">First local day that the account may see.</param>
/// <param name="To">First local day that it may no longer see; null while it lives there.</param>
internal sealed record HouseholdAnswer(string Id, DateOnly From, DateOnly? To)
{
    public static HouseholdAnswer Of(Tenancy tenancy) => new(tenancy.Household.Id.Value, tenancy.From.ToDateOnly(), tenancy.To?.ToDateOnly());
}
