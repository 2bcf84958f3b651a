using System.Text.Json;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// The truth as a file: one JSON object a line. <c>truth</c> comes first, then for each gateway its <c>meter</c>s with their
/// <c>slot</c>s, then its <c>message</c>s. What is expected of a message or reading stands there unless it is <c>stored</c>.
/// </summary>
public static class TruthFile
{
    /// <summary>The same script writes the same bytes.</summary>
    public static void Write(Script script, string path)
    {
        using var file = File.Create(path);
        Write(script, file);
    }

    public static void Write(Script script, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        var scenario = script.Scenario;
        Line(json, output, "truth", () =>
        {
            json.WriteNumber("version"u8, 1);
            json.WriteString("scenario"u8, scenario.Name);
            json.WriteNumber("seed"u8, scenario.Seed);
            json.WriteString("start"u8, UtcText.Format(scenario.Start));
            json.WriteString("end"u8, UtcText.Format(scenario.End));
        });
        foreach (var gateway in script.Gateways)
        {
            foreach (var meter in gateway.Meters) Write(json, output, meter.Meter, Truth.Of(scenario, gateway, meter));
            foreach (var message in Truth.MessagesOf(gateway)) Write(json, output, gateway.Name, message);
        }
    }

    /// <exception cref="FileFaultException">There is no such file, or a line of it is none of a truth's.</exception>
    public static Truth Read(string path)
    {
        long number = 0;
        try
        {
            Truth? truth = null;
            TrueMeter? meter = null;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                using var json = JsonDocument.Parse(line);
                var root = json.RootElement;
                switch (root.GetProperty("type").GetString())
                {
                    case "truth":
                        truth = new() { Scenario = Text(root, "scenario"), Seed = root.GetProperty("seed").GetInt64(), Start = Utc(root, "start"), End = Utc(root, "end") };
                        break;
                    case "meter":
                        meter = new(GatewayName.Parse(Text(root, "gateway")), Enum.Parse<MeterKind>(Text(root, "kind")), root.GetProperty("true").GetBoolean());
                        truth!.Meters.Add(MeterName.Parse(Text(root, "meter")), meter);
                        break;
                    case "slot":
                        meter!.Slots.Add(new(Utc(root, "from"), root.GetProperty("importWh").GetInt64(), root.GetProperty("exportWh").GetInt64(), Optional(root, "lossesWh")));
                        break;
                    case "message":
                        var message = ReadMessage(root);
                        truth!.Messages.Add((GatewayName.Parse(Text(root, "gateway")), message.Number), message);
                        break;
                    default:
                        throw new FormatException("an unknown type");
                }
            }

            return truth ?? throw new FileFaultException(path, null, null, "it is empty: give the file that 'scenario run --truth' wrote.");
        }
        catch (Exception bad) when (bad is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw new FileFaultException(path, number, null, "it is no line of a simulator's truth: give the file that 'scenario run --truth' wrote.");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new FileFaultException(path, null, null, $"it cannot be opened ({unread.Message}): give the file that 'scenario run --truth' wrote.");
        }
    }

    private static void Write(Utf8JsonWriter json, Stream output, MeterName name, TrueMeter meter)
    {
        Line(json, output, "meter", () =>
        {
            json.WriteString("meter"u8, name.Value);
            json.WriteString("gateway"u8, meter.Gateway.Value);
            json.WriteString("kind"u8, meter.Kind.ToString());
            json.WriteBoolean("true"u8, meter.IsTrue);
        });
        foreach (var slot in meter.Slots)
            Line(json, output, "slot", () =>
            {
                json.WriteString("meter"u8, name.Value);
                json.WriteString("from"u8, UtcText.Format(slot.From));
                json.WriteNumber("importWh"u8, slot.ImportWh);
                json.WriteNumber("exportWh"u8, slot.ExportWh);
                if (slot.LossesWh is { } losses) json.WriteNumber("lossesWh"u8, losses);
            });
    }

    private static void Write(Utf8JsonWriter json, Stream output, GatewayName gateway, TrueMessage message) => Line(json, output, "message", () =>
    {
        json.WriteString("gateway"u8, gateway.Value);
        json.WriteNumber("n"u8, message.Number);
        json.WriteString("kind"u8, Topics.Level(message.Kind));
        if (message.Expected is not Fate.Stored) json.WriteString("expect"u8, message.Expected.Code());
        if (message.Readings.Count == 0) return;
        json.WriteStartArray("readings"u8);
        foreach (var (reading, expected) in message.Readings)
        {
            json.WriteStartObject();
            json.WriteString("meter"u8, reading.Meter.Value);
            json.WriteString("at"u8, UtcText.Format(reading.At));
            json.WriteNumber("importWh"u8, reading.Registers.ImportWh);
            if (reading.Registers.ExportWh is { } export) json.WriteNumber("exportWh"u8, export);
            if (reading.Registers.TariffWh is { } tariffs) json.WriteString("tariffWh"u8, tariffs.ToString());
            if (expected is not Fate.Stored) json.WriteString("expect"u8, expected.Code());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Line(Utf8JsonWriter json, Stream output, string type, Action members)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        members();
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        output.WriteByte((byte)'\n');
    }

    private static TrueMessage ReadMessage(JsonElement root)
    {
        if (!Topics.TryParse($"{Topics.Root}/any/{Text(root, "kind")}", out _, out var kind)) throw new FormatException("kind");
        var readings = root.TryGetProperty("readings", out var list)
            ? list.EnumerateArray().Select(r => new ScriptReading(
                new(MeterName.Parse(Text(r, "meter")), Utc(r, "at"), new(r.GetProperty("importWh").GetInt64(), Optional(r, "exportWh"),
                    r.TryGetProperty("tariffWh", out var tariffs) ? TariffRegisters.Parse(tariffs.GetString()!) : null)),
                Expected(r))).ToArray()
            : [];
        return new(root.GetProperty("n").GetInt64(), kind, Expected(root), readings);
    }

    private static Fate Expected(JsonElement element) => element.TryGetProperty("expect", out var text) ? Fates.Parse(text.GetString()!) : Fate.Stored;

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString() ?? throw new FormatException(member);

    private static Instant Utc(JsonElement element, string member) => UtcText.TryParse(Text(element, member), out var at) ? at : throw new FormatException(member);

    private static long? Optional(JsonElement element, string member) => element.TryGetProperty(member, out var value) ? value.GetInt64() : null;
}
