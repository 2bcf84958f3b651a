using System.Globalization;
using System.Text.Json;
using Grid.Domain;

namespace Grid.Portal;

/// <summary>Readings and quarantined items as operators get them: members named as on the wire, absent where a meter did not say.</summary>
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
        json.WriteEndObject();
    }

    private static string Utc(Instant at) => at.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);
}
