using System.Buffers;
using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Storage;

/// <summary>Household-days and their half-hours in InfluxDB, for Grafana. An unknown slot is no point.</summary>
public sealed partial class InfluxAggregateCopy(InfluxClient influx, ILogger<InfluxAggregateCopy> logger) : IAggregateCopy
{
    private const int DaysARequest = 100;

    public async Task PublishAsync(IReadOnlyList<HouseholdDay> days, LocalCalendar calendar, CancellationToken ct)
    {
        foreach (var some in days.Chunk(DaysARequest)) await WriteAsync(some, calendar, ct);
    }

    private async Task WriteAsync(HouseholdDay[] days, LocalCalendar calendar, CancellationToken ct)
    {
        var lines = new ArrayBufferWriter<byte>(days.Length * 4096);
        var protocol = new LineProtocol(lines);
        foreach (var day in days) Encode(protocol, day, calendar);
        if (lines.WrittenCount == 0) return;
        try
        {
            await influx.WriteAsync(lines.WrittenMemory, ct);
        }
        catch (InfluxException refused) when (refused.RefusesLines)
        {
            // One day that InfluxDB will never take, for its age perhaps, must not hold up the others.
            if (days.Length > 1)
                foreach (var day in days) await WriteAsync([day], calendar, ct);
            else Log.NotCopied(logger, days[0].Day, refused.Status); // not its words, which quote the home's line
        }
    }

    private static void Encode(LineProtocol protocol, HouseholdDay day, LocalCalendar calendar)
    {
        if (day.ImportWh is not null)
            Point(protocol, InfluxSchema.HouseholdDay, day.Household, day.ImportWh, day.ExportWh, day.Quality, calendar.StartOf(day.Day));
        foreach (var (slot, energy) in calendar.SlotsOf(day.Day).Zip(day.Slots))
            if (energy.ImportWh is not null)
                Point(protocol, InfluxSchema.HouseholdSlot, day.Household, energy.ImportWh, energy.ExportWh, energy.Quality, slot.Start);
    }

    private static void Point(LineProtocol protocol, string measurement, HouseholdId household, long? importWh, long? exportWh, Quality quality, Instant at) =>
        protocol.Start(measurement, InfluxSchema.HouseholdTag, household.Value)
            .Field(InfluxSchema.ImportWh, importWh)
            .Field(InfluxSchema.ExportWh, exportWh)
            .Field(InfluxSchema.QualityField, quality.Name())
            .End(at);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "InfluxDB will not take a home's {Day}; dashboards go without it: it answered {Status}.")]
        public static partial void NotCopied(ILogger logger, LocalDate day, System.Net.HttpStatusCode status);
    }
}
