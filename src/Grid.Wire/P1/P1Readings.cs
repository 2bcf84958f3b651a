using System.Globalization;
using System.Text;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// The reading of a DSMR P1 telegram, and back (DSMR 5.0.2 P1; meter-formats, "DSMR P1"). One telegram a message. kWh become
/// whole watt-hours exactly, in decimal arithmetic.
/// <para>Import is 1-0:1.8.0, otherwise 1.8.1 + 1.8.2, which are the tariffs <c>t1</c> and <c>t2</c>; export likewise 2.8.0 or
/// 2.8.1 + 2.8.2. Power is 1.7.0 - 2.7.0, voltage 32.7.0, the meter's name the equipment identifier 0-0:96.1.1.</para>
/// <para>The time is 0-0:1.0.0, local with its season (S is UTC+2, W is UTC+1). Version 2.2 has no clock: then it is the envelope's,
/// otherwise that of arrival.</para>
/// </summary>
public static class P1Readings
{
    private const string Clock = "0-0:1.0.0";
    private const string Equipment = "0-0:96.1.1";

    public static DecodedReadings Decode(ReadOnlySpan<byte> payload, Envelope envelope, Instant receivedAt)
    {
        P1Telegram telegram;
        try
        {
            telegram = P1Telegram.Parse(payload);
        }
        catch (FaultException fault)
        {
            return DecodedReadings.Refused(envelope.Epoch, envelope.Seq, fault.Fault);
        }

        MeterName? meter = null;
        Instant? at = null;
        var bad = telegram.BadLines;
        try
        {
            meter = MeterOf(telegram);
            at = TimeOf(telegram) ?? envelope.ReadAt(receivedAt);
            var reading = new Reading(meter.Value, at.Value, RegistersOf(telegram, ref bad), PowerOf(telegram), VoltageOf(telegram));
            return new(envelope.Epoch, envelope.Seq, [reading], null, [], 0, bad);
        }
        catch (FaultException fault)
        {
            return new(envelope.Epoch, envelope.Seq, [], null, [new(0, meter, at, fault.Fault, 0, payload.Length)], 0, bad);
        }
    }

    /// <summary>A version 5 telegram with the objects that say this reading.</summary>
    /// <exception cref="ArgumentException">
    /// A telegram cannot say it: whole seconds of 2000 to 2099, whole watts, tenths of a volt, tariffs <c>t1</c> and <c>t2</c> or none.
    /// </exception>
    public static byte[] Encode(Reading reading)
    {
        var text = new StringBuilder("/GRD5\\2GRID\r\n\r\n").Append("1-3:0.2.8(50)\r\n");
        var (local, summer) = LocalStamp.Of(reading.At);
        Line(Clock, LocalStamp.Format(local) + (summer ? 'S' : 'W'));
        Line(Equipment, Convert.ToHexString(Encoding.ASCII.GetBytes(reading.Meter.Value)));
        Line("1-0:1.8.0", KilowattHours(reading.Registers.ImportWh));
        if (reading.Registers.TariffWh is { } tariffs)
        {
            if (tariffs.ByName is not [("t1", var first), ("t2", var second)]) throw new ArgumentException("P1 has the tariffs t1 and t2.", nameof(reading));
            Line("1-0:1.8.1", KilowattHours(first));
            Line("1-0:1.8.2", KilowattHours(second));
        }

        if (reading.Registers.ExportWh is { } export) Line("1-0:2.8.0", KilowattHours(export));
        if (reading.PowerW is { } power)
        {
            if (Math.Floor(power) != power || Math.Abs(power) > WireLimits.MaxPowerW) throw new ArgumentException("P1 has whole watts.", nameof(reading));
            Line("1-0:1.7.0", Thousandths((long)Math.Max(power, 0), "00", "kW"));
            Line("1-0:2.7.0", Thousandths((long)Math.Max(-power, 0), "00", "kW"));
        }

        if (reading.VoltageV is { } volts)
        {
            var written = ((decimal)volts).ToString("0.0", CultureInfo.InvariantCulture);
            if (volts is < 0 or > WireLimits.MaxVoltageV || double.Parse(written, CultureInfo.InvariantCulture) != volts)
                throw new ArgumentException("P1 has tenths of a volt.", nameof(reading));
            Line("1-0:32.7.0", written + "*V");
        }

        text.Append('!');
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text}{P1Crc.Of(Encoding.ASCII.GetBytes(text.ToString())):X4}\r\n"));

        void Line(string obis, string value) => text.Append(obis).Append('(').Append(value).Append(")\r\n");
    }

    private static MeterName MeterOf(P1Telegram telegram)
    {
        try
        {
            if (telegram.Find(Equipment) is { } hex && MeterName.TryParse(Encoding.ASCII.GetString(Convert.FromHexString(hex)), out var meter)) return meter;
        }
        catch (FormatException)
        {
        }

        throw new FaultException(Reason.NoIndex, $"{Equipment} is no meter's name");
    }

    private static Instant? TimeOf(P1Telegram telegram)
    {
        if (telegram.Find(Clock) is not { } text) return null;
        return text.Length == LocalStamp.Digits + 1 && text[^1] is 'S' or 'W' && LocalStamp.TryParse(text.AsSpan(..^1), out var local)
            ? LocalStamp.ToInstant(local, text[^1] == 'S')
            : throw new FaultException(Reason.BadValue, Clock);
    }

    private static Registers RegistersOf(P1Telegram telegram, ref int bad)
    {
        var (day, night) = (WattHours(telegram, "1-0:1.8.1"), WattHours(telegram, "1-0:1.8.2"));
        var total = WattHours(telegram, "1-0:1.8.0");
        // A meter with a third tariff and no total would be read short.
        if (total is null && telegram.HasAny(o => o.StartsWith("1-0:1.8.", StringComparison.Ordinal) && o is not ("1-0:1.8.1" or "1-0:1.8.2")))
            throw new FaultException(Reason.NoIndex, "more than two tariffs and no 1-0:1.8.0");
        var import = total ?? day + night ?? throw new FaultException(Reason.NoIndex, "neither 1-0:1.8.0 nor both tariffs");
        var (exportDay, exportNight) = (WattHours(telegram, "1-0:2.8.1"), WattHours(telegram, "1-0:2.8.2"));
        var export = WattHours(telegram, "1-0:2.8.0") ?? exportDay + exportNight;
        if (export is null && (exportDay ?? exportNight) is not null) bad++; // one tariff alone is no register
        if (import > Registers.MaxWh || export > Registers.MaxWh) throw new FaultException(Reason.BadValue, "a sum of registers");
        return new(import, export, day is { } t1 && night is { } t2 ? new([("t1", t1), ("t2", t2)]) : null);
    }

    private static long? WattHours(P1Telegram telegram, string obis)
    {
        if (telegram.Number(obis, "kWh") * 1000 is not { } wh) return null;
        return wh <= Registers.MaxWh && decimal.Truncate(wh) == wh ? (long)wh : throw new FaultException(Reason.BadValue, obis);
    }

    private static double? PowerOf(P1Telegram telegram)
    {
        var (drawn, fed) = (telegram.Number("1-0:1.7.0", "kW"), telegram.Number("1-0:2.7.0", "kW"));
        if (drawn is null && fed is null) return null;
        var power = (double)(((drawn ?? 0) - (fed ?? 0)) * 1000);
        return Math.Abs(power) <= WireLimits.MaxPowerW ? power : throw new FaultException(Reason.BadValue, "1-0:1.7.0");
    }

    private static double? VoltageOf(P1Telegram telegram)
    {
        if (telegram.Number("1-0:32.7.0", "V") is not { } volts) return null;
        return (double)volts <= WireLimits.MaxVoltageV ? (double)volts : throw new FaultException(Reason.BadValue, "1-0:32.7.0");
    }

    private static string KilowattHours(long wh) => Thousandths(wh, "000000", "kWh");

    private static string Thousandths(long value, string digits, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{(value / 1000).ToString(digits, CultureInfo.InvariantCulture)}.{value % 1000:000}*{unit}");
}
