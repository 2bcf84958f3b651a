using System.Globalization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// Readings out of raw Linky TIC bytes, and back (Enedis-NOI-CPT_54E v3; meter-formats, "Linky TIC"). A payload holds one or more
/// frames, each frame is one reading.
/// <para>Historique: BASE, or the sum of all index groups of the offer, is the import; a frame has no clock, so its time is the
/// envelope's, otherwise that of arrival: send one frame a message. Standard: EAST is the import, EAIT the export, URMS1 the voltage,
/// DATE the time; without a valid DATE there is no reading, as the time of arrival may be days off.</para>
/// <para>PAPP and SINSTS are VA, CCASN the mean of an interval that is over: none of them is the power at that instant.</para>
/// </summary>
public static class TicReadings
{
    private const int SupplierIndexes = 10;
    private const long MaxIndexWh = 999_999_999;

    public static DecodedReadings Decode(ReadOnlySpan<byte> payload, Envelope envelope, Instant receivedAt)
    {
        List<Reading> readings = [];
        List<FaultyReading> faulty = [];
        var (index, bad, unknown) = (0, 0, 0);
        var framer = new TicFramer();
        foreach (var b in payload)
        {
            if (!framer.Take(b)) continue;
            if (index == WireLimits.MaxReadings) return Refused(Reason.TooManyReadings, $"over {WireLimits.MaxReadings} frames");
            var frame = TicFrame.Parse(framer.Frame);
            (bad, unknown) = (bad + frame.BadGroups, unknown + frame.UnknownGroups);
            var meter = MeterOf(frame);
            try
            {
                readings.Add(Read(frame, meter, envelope.ReadAt(receivedAt)));
            }
            catch (FaultException fault)
            {
                faulty.Add(new(index, meter, DateOf(frame), fault.Fault, (int)framer.Start, (int)(framer.Position - framer.Start)));
            }

            index++;
        }

        framer.End();
        return index == 0
            ? Refused(Reason.Malformed, "no whole frame")
            : new(envelope.Epoch, envelope.Seq, readings, null, faulty, unknown, bad + framer.Dropped);

        DecodedReadings Refused(Reason reason, string detail) =>
            DecodedReadings.Refused(envelope.Epoch, envelope.Seq, new(reason, detail), unknown, bad + framer.Dropped);
    }

    /// <summary>One frame with the groups that say this reading.</summary>
    /// <exception cref="ArgumentException">
    /// A frame cannot say it. The meter has 12 digits and registers below 1 GWh. Historique: the time is not said, and there is
    /// nothing but the import with one offer's tariffs, which sum to it. Standard: whole seconds, whole volts, tariffs <c>easf01</c> to <c>easf10</c> above 0.
    /// </exception>
    public static byte[] Encode(Reading reading, TicMode mode)
    {
        if (reading.PowerW is not null) throw new ArgumentException("TIC has no active power of an instant.", nameof(reading));
        return TicWriter.Frame(mode, [.. mode == TicMode.Historique ? HistoriqueGroups(reading) : StandardGroups(reading)]);
    }

    private static MeterName? MeterOf(TicFrame frame) => (frame.Find("ADCO"), frame.Find("ADSC")) switch
    {
        ({ Value: var adco }, null) => MeterName.Parse(adco),
        (null, { Value: var adsc }) => MeterName.Parse(adsc),
        _ => null, // neither, or a frame of both modes at once, which no meter sends
    };

    private static Instant? DateOf(TicFrame frame) =>
        frame.Find("DATE")?.Horodate is { } text && TicHorodate.TryParse(text, out var date) ? date.ToInstant() : null;

    private static Reading Read(TicFrame frame, MeterName? meter, Instant readAt)
    {
        if (meter is not { } name) throw new FaultException(Reason.NoIndex, "no valid ADCO or ADSC");
        if (frame.Find("ADCO") is not null) return new(name, readAt, HistoriqueRegisters(frame));
        var import = IndexOf(frame, "EAST") ?? throw new FaultException(Reason.NoIndex, "no valid EAST");
        var at = DateOf(frame) ?? throw new FaultException(Reason.MissingMember, "no valid DATE");
        return new(name, at, new(import, IndexOf(frame, "EAIT"), SupplierRegisters(frame)), null, IndexOf(frame, "URMS1"));
    }

    private static Registers HistoriqueRegisters(TicFrame frame)
    {
        var offer = TicOffer.Of(frame) ?? throw new FaultException(Reason.NoIndex, "no offer's index groups are all valid");
        List<(string Name, long Wh)> tariffs = [];
        long import = 0;
        foreach (var (label, tariff) in offer.Indexes)
        {
            var wh = IndexOf(frame, label) ?? throw new FaultException(Reason.NoIndex, $"no valid {label}"); // a partial sum would be a wrong register
            import += wh;
            if (tariff is not null) tariffs.Add((tariff, wh));
        }

        return new(import, null, tariffs.Count > 0 ? new(tariffs) : null);
    }

    // All ten must be valid: the same frame, received whole another time, would otherwise conflict with what is left of it here.
    // A meter always sends all ten and its offer uses a few: those at 0 say nothing.
    private static TariffRegisters? SupplierRegisters(TicFrame frame)
    {
        List<(string Name, long Wh)> used = [];
        for (var i = 1; i <= SupplierIndexes; i++)
        {
            if (IndexOf(frame, Supplier(i, "EASF")) is not { } wh) return null;
            if (wh > 0) used.Add((Supplier(i, "easf"), wh));
        }

        return used.Count > 0 ? new(used) : null;
    }

    private static long? IndexOf(TicFrame frame, string label) =>
        frame.Find(label) is { Value: var digits } ? long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<TicGroup> HistoriqueGroups(Reading reading)
    {
        var tariffs = reading.Registers.TariffWh?.ByName.ToDictionary(r => r.Name, r => r.Wh, StringComparer.Ordinal) ?? [];
        var offer = TicOffer.All.FirstOrDefault(o =>
            o.Indexes.Select(i => i.Tariff).OfType<string>().ToHashSet(StringComparer.Ordinal).SetEquals(tariffs.Keys));
        var whole = tariffs.Count == 0 || tariffs.Values.Sum() == reading.Registers.ImportWh;
        if (offer is null || !whole || reading.Registers.ExportWh is not null || reading.VoltageV is not null)
            throw new ArgumentException("Historique mode has the import of one offer and nothing else.", nameof(reading));
        yield return new("ADCO", reading.Meter.Value);
        yield return new("OPTARIF", offer.Code.PadRight(4, '('));
        foreach (var (label, tariff) in offer.Indexes) yield return new(label, Index(tariff is null ? reading.Registers.ImportWh : tariffs[tariff]));
    }

    private static IEnumerable<TicGroup> StandardGroups(Reading reading)
    {
        yield return new("ADSC", reading.Meter.Value);
        yield return new("VTIC", "02");
        yield return new("DATE", "", TicHorodate.Of(reading.At).ToString());
        yield return new("EAST", Index(reading.Registers.ImportWh));
        if (reading.Registers.TariffWh is { } tariffs)
        {
            var left = tariffs.ByName.ToDictionary(r => r.Name, r => r.Wh, StringComparer.Ordinal);
            for (var i = 1; i <= SupplierIndexes; i++) yield return new(Supplier(i, "EASF"), Index(left.Remove(Supplier(i, "easf"), out var wh) ? wh : 0));
            if (left.Count > 0 || tariffs.ByName.Any(r => r.Wh == 0))
                throw new ArgumentException("Standard mode has the tariffs easf01 to easf10, those above 0.", nameof(reading));
        }

        if (reading.Registers.ExportWh is { } export) yield return new("EAIT", Index(export));
        if (reading.VoltageV is not { } volts) yield break;
        yield return volts is >= 0 and <= 999 && Math.Floor(volts) == volts
            ? new("URMS1", ((int)volts).ToString("000", CultureInfo.InvariantCulture))
            : throw new ArgumentException("Standard mode has whole volts.", nameof(reading));
    }

    private static string Supplier(int number, string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number:00}");

    private static string Index(long wh) => wh <= MaxIndexWh
        ? wh.ToString("000000000", CultureInfo.InvariantCulture)
        : throw new ArgumentException("An index has nine digits.", nameof(wh));
}
