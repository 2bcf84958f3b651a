namespace Grid.Domain;

/// <summary>A span of metered time that includes its start and excludes its end, so neighbours never share an instant.</summary>
public readonly record struct Slot(Instant Start, Instant End)
{
    public Duration Length => End - Start;

    public bool Overlaps(Slot other) => Start < other.End && other.Start < End;
}
