namespace Grid.Domain;

/// <summary>What households let us keep. Asked before anything of a reading reaches a disk.</summary>
public interface IConsent
{
    /// <summary>False if this reading must not be kept: it is counted as withheld, and forgotten.</summary>
    bool Lets(MeterInstall install, Reading reading);
}

/// <summary>Lets everything be kept: the neighbourhood has consent on paper.</summary>
public sealed class EverythingIsLet : IConsent
{
    public bool Lets(MeterInstall install, Reading reading) => true;
}
