using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>Birth and last will, on <c>status</c>, retained.</summary>
/// <param name="State"><c>online</c> or <c>lost</c>.</param>
/// <param name="Buffered">Readings that the gateway still keeps.</param>
public sealed record StatusMessage(string State, string? Firmware = null, string? BootedAt = null, int? Buffered = null)
{
    public const string Online = "online";

    public const string LostState = "lost";

    public static readonly StatusMessage Lost = new(LostState);
}

/// <summary>What the backend has, on <c>ack</c>, retained: the gateway may forget everything up to each number.</summary>
public sealed record AckMessage(IReadOnlyList<AckedEpoch> Epochs);

public sealed record AckedEpoch(long Epoch, long StoredThrough);

/// <summary>Send these numbers again, both included, on <c>backfill</c>. What is no longer kept is answered by a <c>lost</c> event.</summary>
public sealed record BackfillMessage(long Epoch, long From, long To);

/// <summary>What the backend wants of a gateway, on <c>commands</c>.</summary>
/// <param name="Id">Names the command in its result; a gateway that has answered an id answers it again the same way.</param>
/// <param name="Type">One of <see cref="CommandTypes"/>; another is answered with <see cref="CommandResultMessage.Unsupported"/>.</param>
/// <param name="Until">UTC as the wire spells it; after it the command is void. Null: no end.</param>
/// <param name="Seconds">For <see cref="CommandTypes.SetInterval"/>: between two readings of a meter.</param>
/// <param name="LimitW">For <see cref="CommandTypes.Flex"/>: what the home's flexible devices may draw until then.</param>
public sealed record CommandMessage(string Id, string Type, string? Until = null, int? Seconds = null, int? LimitW = null);

public static class CommandTypes
{
    public const string SetInterval = "set-interval";
    public const string Flex = "flex";
    public const string Reboot = "reboot";
}

/// <summary>A gateway's answer, on <c>command-results</c>.</summary>
/// <param name="Outcome"><see cref="Done"/>, <see cref="Refused"/>, <see cref="Expired"/> or <see cref="Unsupported"/>.</param>
public sealed record CommandResultMessage(string Id, string Outcome, string? Detail = null)
{
    public const string Done = "done";
    public const string Refused = "refused";
    public const string Expired = "expired";
    public const string Unsupported = "unsupported";
}

/// <summary>One event, on <c>events</c>, numbered like readings.</summary>
public sealed record EventMessage(long Epoch, long Seq, MeterEvent Event);

/// <summary>The small messages of the contract, both ways. Decoding answers null and a fault where the text is not one.</summary>
public static class SmallMessages
{
    private const long MaxClockSetMs = 100L * 366 * 86_400_000; // from 1970 to today, and the other way round

    private static readonly (MeterEventKind Kind, string Type)[] EventTypes =
    [
        (MeterEventKind.MeterSwap, "meter-swap"),
        (MeterEventKind.RegisterRestart, "register-restart"),
        (MeterEventKind.ClockSet, "clock-set"),
        (MeterEventKind.Boot, "boot"),
        (MeterEventKind.Tamper, "tamper"),
        (MeterEventKind.Lost, "lost"),
    ];

    public static byte[] Encode(StatusMessage status) => JsonSerializer.SerializeToUtf8Bytes(status, WireJson.Default.StatusMessage);

    public static byte[] Encode(AckMessage ack) => JsonSerializer.SerializeToUtf8Bytes(ack, WireJson.Default.AckMessage);

    public static byte[] Encode(BackfillMessage backfill) => JsonSerializer.SerializeToUtf8Bytes(backfill, WireJson.Default.BackfillMessage);

    public static byte[] Encode(CommandMessage command) => JsonSerializer.SerializeToUtf8Bytes(command, WireJson.Default.CommandMessage);

    public static byte[] Encode(CommandResultMessage result) => JsonSerializer.SerializeToUtf8Bytes(result, WireJson.Default.CommandResultMessage);

    public static byte[] Encode(EventMessage message) => JsonSerializer.SerializeToUtf8Bytes(
        new EventJson
        {
            Epoch = message.Epoch,
            Seq = message.Seq,
            Type = EventTypes.First(t => t.Kind == message.Event.Kind).Type,
            Meter = message.Event.Meter?.Value,
            At = UtcText.Format(message.Event.At),
            ClosingWh = message.Event.ClosingWh,
            OpeningWh = message.Event.OpeningWh,
            From = message.Event.Lost?.From,
            To = message.Event.Lost?.To,
            ByMs = message.Event.ByMs,
        },
        WireJson.Default.EventJson);

    public static StatusMessage? DecodeStatus(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.StatusMessage).Value is { State: StatusMessage.Online or StatusMessage.LostState } status ? status : null;

    public static AckMessage? DecodeAck(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.AckMessage).Value is { Epochs: not null } ack && !ack.Epochs.Any(e => e is null) ? ack : null;

    public static BackfillMessage? DecodeBackfill(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.BackfillMessage).Value is { Epoch: >= 1, From: >= 1 } backfill && backfill.To >= backfill.From ? backfill : null;

    public static CommandMessage? DecodeCommand(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.CommandMessage).Value is { Type: not null } command && Identifier.IsValid(command.Id) ? command : null;

    public static CommandResultMessage? DecodeCommandResult(ReadOnlySpan<byte> payload) =>
        Read(payload, WireJson.Default.CommandResultMessage).Value is { Outcome: not null } result && Identifier.IsValid(result.Id) ? result : null;

    public static (EventMessage? Message, Fault? Fault) DecodeEvent(ReadOnlySpan<byte> payload)
    {
        var (json, fault) = Read(payload, WireJson.Default.EventJson);
        if (json is null) return (null, fault);
        try
        {
            return (new(
                Required(json.Epoch, "epoch", 1), Required(json.Seq, "seq", 1), new(
                    EventTypes.Where(t => string.Equals(t.Type, json.Type, StringComparison.Ordinal)).Select(t => (MeterEventKind?)t.Kind).FirstOrDefault()
                        ?? throw new FaultException(json.Type is null ? Reason.MissingMember : Reason.BadValue, "type"),
                    json.Meter is null ? null : MeterName.TryParse(json.Meter, out var meter) ? meter : throw new FaultException(Reason.BadValue, "meter"),
                    UtcText.TryParse(json.At ?? throw new FaultException(Reason.MissingMember, "at"), out var at) ? at : throw new FaultException(Reason.BadValue, "at"),
                    Register(json.ClosingWh, "closingWh"),
                    Register(json.OpeningWh, "openingWh"),
                    Lost(json),
                    ClockSet(json))), null);
        }
        catch (FaultException refused)
        {
            return (null, refused.Fault);
        }
    }

    private static SequenceRange? Lost(EventJson json)
    {
        if (!string.Equals(json.Type, "lost", StringComparison.Ordinal)) return null;
        var from = Required(json.From, "from", 1);
        var to = Required(json.To, "to", from);
        return to < json.Seq ? new(from, to) : throw new FaultException(Reason.BadValue, "to"); // what was lost lies behind
    }

    private static long? ClockSet(EventJson json) =>
        json.ByMs is < -MaxClockSetMs or > MaxClockSetMs ? throw new FaultException(Reason.BadValue, "byMs") : json.ByMs;

    private static long Required(long? value, string member, long min) =>
        value is not { } present ? throw new FaultException(Reason.MissingMember, member)
        : present < min || present == long.MaxValue ? throw new FaultException(Reason.BadValue, member)
        : present;

    private static long? Register(long? value, string member) =>
        value is < 0 or > Registers.MaxWh ? throw new FaultException(Reason.BadValue, member) : value;

    private static (T? Value, Fault? Fault) Read<T>(ReadOnlySpan<byte> payload, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(payload, type) is { } value ? (value, null) : (null, new(Reason.Malformed, "null"));
        }
        catch (JsonException broken)
        {
            return (null, new(Reason.Malformed, $"not the contract's JSON at byte {broken.BytePositionInLine}"));
        }
        catch (InvalidOperationException)
        {
            return (null, new(Reason.Malformed, "half a surrogate pair"));
        }
    }
}

internal sealed class EventJson
{
    public long? Epoch { get; set; }

    public long? Seq { get; set; }

    public string? Type { get; set; }

    public string? Meter { get; set; }

    public string? At { get; set; }

    public long? ClosingWh { get; set; }

    public long? OpeningWh { get; set; }

    public long? From { get; set; }

    public long? To { get; set; }

    public long? ByMs { get; set; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    MaxDepth = WireLimits.MaxDepth)]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(AckMessage))]
[JsonSerializable(typeof(BackfillMessage))]
[JsonSerializable(typeof(CommandMessage))]
[JsonSerializable(typeof(CommandResultMessage))]
[JsonSerializable(typeof(EventJson))]
internal sealed partial class WireJson : JsonSerializerContext;
