using Grid.Domain;

namespace Grid.Wire;

/// <summary>The topics of the MQTT contract: <c>grid/v1/{gateway}/{kind}</c>.</summary>
public static class Topics
{
    public const string Root = "grid/v1";

    private static readonly (TopicKind Kind, string Level)[] Levels =
    [
        (TopicKind.Readings, "readings"),
        (TopicKind.Senml, "senml"),
        (TopicKind.Tic, "tic"),
        (TopicKind.P1, "p1"),
        (TopicKind.Status, "status"),
        (TopicKind.Events, "events"),
        (TopicKind.CommandResults, "command-results"),
        (TopicKind.Ack, "ack"),
        (TopicKind.Backfill, "backfill"),
        (TopicKind.Commands, "commands"),
    ];

    public static string Of(GatewayName gateway, TopicKind kind) => $"{Root}/{gateway}/{Level(kind)}";

    /// <summary>A filter for every gateway's topic of that kind.</summary>
    public static string All(TopicKind kind) => $"{Root}/+/{Level(kind)}";

    public static string Level(TopicKind kind) => Levels[(int)kind].Level;

    public static bool TryParse(string topic, out GatewayName gateway, out TopicKind kind)
    {
        gateway = default;
        kind = default;
        var text = topic.AsSpan();
        if (!text.StartsWith($"{Root}/", StringComparison.Ordinal)) return false;
        var levels = text[(Root.Length + 1)..];
        var slash = levels.IndexOf('/');
        if (slash < 0 || !GatewayName.TryParse(levels[..slash].ToString(), out gateway)) return false;
        foreach (var known in Levels)
        {
            if (!levels[(slash + 1)..].SequenceEqual(known.Level)) continue;
            kind = known.Kind;
            return true;
        }

        return false;
    }

    /// <summary>True for what a gateway publishes, false for what the backend does.</summary>
    public static bool IsFromGateway(TopicKind kind) => kind <= TopicKind.CommandResults;
}

/// <summary>The kinds of topic; those a gateway publishes come first.</summary>
public enum TopicKind
{
    Readings = 0,
    Senml = 1,
    Tic = 2,
    P1 = 3,
    Status = 4,
    Events = 5,
    CommandResults = 6,
    Ack = 7,
    Backfill = 8,
    Commands = 9,
}
