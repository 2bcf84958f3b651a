using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Takes the backend's commands, does each id once, and answers an id that it knows as it did before.</summary>
internal sealed class CommandDesk(GatewayClientOptions options, TimeProvider clock, Func<Task> reboot)
{
    private const int Remembered = 64;
    private const int MaxIntervalSeconds = 86_400;

    private readonly Dictionary<string, CommandResultMessage> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Lock _lock = new();

    /// <summary>What flexible devices may draw, and until when; null: as much as they like.</summary>
    public FlexLimit? Limit { get; private set; }

    /// <summary>The answer, and what is to be done once it is on its way.</summary>
    public (CommandResultMessage Result, Func<Task>? Then) Take(CommandMessage command)
    {
        lock (_lock)
        {
            if (_answers.TryGetValue(command.Id, out var before)) return (before, null);
            var (outcome, detail, then) = Obey(command);
            var result = new CommandResultMessage(command.Id, outcome, detail);
            _answers.Add(command.Id, result);
            _order.Enqueue(command.Id);
            if (_order.Count > Remembered) _answers.Remove(_order.Dequeue());
            return (result, then);
        }
    }

    private (string Outcome, string? Detail, Func<Task>? Then) Obey(CommandMessage command)
    {
        Instant? until = null;
        if (command.Until is { } text)
        {
            if (!UtcText.TryParse(text, out var at)) return (CommandResultMessage.Refused, "until is no UTC instant", null);
            if (at <= Instant.FromDateTimeOffset(clock.GetUtcNow())) return (CommandResultMessage.Expired, null, null);
            until = at;
        }

        switch (command.Type)
        {
            case CommandTypes.SetInterval when command.Seconds is not (>= 1 and <= MaxIntervalSeconds):
                return (CommandResultMessage.Refused, $"seconds must be 1 to {MaxIntervalSeconds}", null);
            case CommandTypes.SetInterval when options.IntervalSet is null:
                return (CommandResultMessage.Refused, "this gateway's interval is fixed", null);
            case CommandTypes.SetInterval:
                options.IntervalSet(Duration.FromSeconds(command.Seconds.Value));
                return (CommandResultMessage.Done, null, null);
            case CommandTypes.Flex when command.LimitW is not >= 0:
                return (CommandResultMessage.Refused, "limitW must be 0 or more", null);
            case CommandTypes.Flex when !options.IsFlexible:
                return (CommandResultMessage.Refused, "no device here can draw less", null);
            case CommandTypes.Flex:
                Limit = new(command.LimitW.Value, until);
                return (CommandResultMessage.Done, null, null);
            case CommandTypes.Reboot:
                return (CommandResultMessage.Done, null, reboot);
            default:
                return (CommandResultMessage.Unsupported, null, null);
        }
    }
}

/// <param name="Until">Null: until further notice.</param>
public sealed record FlexLimit(int LimitW, Instant? Until);
