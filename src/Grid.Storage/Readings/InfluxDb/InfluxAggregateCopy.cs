using System.Buffers;
using Grid.Domain;

namespace Grid.Storage;

/// <summary>Household-days and their half-hours in InfluxDB, for Grafana. An unknown slot is no point.</summary>
public sealed class InfluxAggregateCopy(InfluxClient influx) : IAggregateCopy
{
    private const int DaysARequest = 100;

    public async Task PublishAsync(IReadOnlyList<HouseholdDay> days, LocalCalendar calendar, CancellationToken ct)
    {
        foreach (var some in days.Chunk(DaysARequest))
        {
            var lines = new ArrayBufferWriter<byte>(some.Length * 4096);
            var protocol = new LineProtocol(lines);
            foreach (var day in some) Encode(protocol, day, calendar);
            if (lines.WrittenCount > 0) await influx.WriteAsync(lines.WrittenMemory, ct);
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
}
