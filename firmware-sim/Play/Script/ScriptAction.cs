namespace Grid.FirmwareSim;

/// <summary>One thing that a gateway does.</summary>
/// <param name="At">When, in the scenario's time.</param>
/// <param name="Raw">For <see cref="ScriptStep.Raw"/> alone: what goes out under no number.</param>
public sealed record ScriptAction(Instant At, ScriptStep Step, ScriptMessage? Message = null, RawMessage? Raw = null);

/// <param name="Expected">What the broker or the backend may do with it.</param>
public sealed record RawMessage(string Topic, byte[] Payload, Fate Expected);

public enum ScriptStep
{
    /// <summary>Number a message, keep it and send it.</summary>
    Post = 1,

    /// <summary>Number a message and keep it; it goes out later, or never.</summary>
    Make = 2,

    /// <summary>Send what was made before.</summary>
    Send = 3,

    /// <summary>Send the same bytes once more.</summary>
    Again = 4,

    /// <summary>Publish without a number, as no honest gateway does.</summary>
    Raw = 5,
    Disconnect = 6,
    Connect = 7,
}
