using System.Globalization;
using System.Text.Json;
using Grid.Domain;

namespace Grid.Portal;

/// <summary>Readings and what went wrong as operators get them: members named as on the wire; of a reading, absent where the meter did not say.</summary>
internal static class OperatorJson
{
    public static void Write(Utf8JsonWriter json, Reading reading)
    {
        json.WriteStartObject();
        json.WriteString("meter"u8, reading.Meter.Value);
        json.WriteString("at"u8, Utc(reading.At));
        json.WriteNumber("importWh"u8, reading.Registers.ImportWh);
        if (reading.Registers.ExportWh is { } export) json.WriteNumber("exportWh"u8, export);
        if (reading.Registers.TariffWh is { } tariffs)
        {
            json.WriteStartObject("tariffWh"u8);
            foreach (var (name, wh) in tariffs.ByName) json.WriteNumber(name, wh);
            json.WriteEndObject();
        }

        if (reading.PowerW is { } power) json.WriteNumber("powerW"u8, power);
        if (reading.VoltageV is { } voltage) json.WriteNumber("voltageV"u8, voltage);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, QuarantinedItem item)
    {
        json.WriteStartObject();
        json.WriteString("receivedAt"u8, Utc(item.ReceivedAt));
        json.WriteString("gateway"u8, item.Gateway.Value);
        json.WriteString("topic"u8, item.Topic);
        json.WriteString("meter"u8, item.Meter?.Value);
        json.WriteString("at"u8, item.At is { } at ? Utc(at) : null);
        json.WriteString("reason"u8, item.Reason.Code());
        json.WriteString("detail"u8, item.Detail);
        json.WriteString("sha256"u8, item.Sha256);
        json.WriteBase64String("body"u8, item.Body);
        json.WriteString("replayAskedAt"u8, item.ReplayAskedAt is { } asked ? Utc(asked) : null);
        json.WriteString("replayedAt"u8, item.ReplayedAt is { } done ? Utc(done) : null);
        json.WriteString("id"u8, item.Id);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Gap gap)
    {
        json.WriteStartObject();
        json.WriteString("gateway"u8, gap.Gateway.Value);
        json.WriteNumber("epoch"u8, gap.Epoch);
        json.WriteNumber("from"u8, gap.Missing.From);
        json.WriteNumber("to"u8, gap.Missing.To);
        json.WriteString("noticedAt"u8, Utc(gap.NoticedAt));
        json.WriteString("end"u8, gap.End switch { null => null, GapEnd.Filled => "filled", GapEnd.Lost => "lost", _ => throw new ArgumentOutOfRangeException(nameof(gap)) });
        json.WriteString("endedAt"u8, gap.EndedAt is { } at ? Utc(at) : null);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ClockSkew skew)
    {
        json.WriteStartObject();
        json.WriteString("gateway"u8, skew.Gateway.Value);
        json.WriteNumber("aheadMs"u8, skew.AheadMs);
        json.WriteString("noticedAt"u8, Utc(skew.NoticedAt));
        json.WriteString("endedAt"u8, skew.EndedAt is { } at ? Utc(at) : null);
        json.WriteEndObject();
    }

    private static string Utc(Instant at) => at.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
