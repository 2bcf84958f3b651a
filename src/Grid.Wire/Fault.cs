using Grid.Domain;

namespace Grid.Wire;

/// <summary>Why a message or one of its readings cannot be used.</summary>
/// <param name="Detail">What exactly, in a few words; names of members, never their values.</param>
public sealed record Fault(Reason Reason, string Detail);

/// <summary>Carries a <see cref="Fault"/> out of a codec; never leaves it.</summary>
internal sealed class FaultException(Reason reason, string detail) : Exception(detail)
{
    public Fault Fault { get; } = new(reason, detail);
}
