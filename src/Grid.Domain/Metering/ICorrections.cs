namespace Grid.Domain;

/// <summary>A person's word on a meter's energy over a span, in place of its readings, which stay as they are (METHOD.md rule 1.16).</summary>
/// <param name="ImportWh">What flowed, 0 or more; null if all that is known is that the readings are wrong.</param>
/// <param name="ExportWh">Null if not known, or if the meter does not tell.</param>
public sealed record CorrectedSpan(MeterName Meter, Slot Span, long? ImportWh, long? ExportWh = null);

/// <param name="Number">Counts up from 1.</param>
/// <param name="Before">What the readings told of the span when it was corrected.</param>
/// <param name="Undone">Null while it is in force.</param>
public sealed record Correction(long Number, CorrectedSpan What, SlotEnergy Before, Signature Made, Signature? Undone);

/// <param name="By">Who answers for it, at most <see cref="MaxLength"/> characters.</param>
/// <param name="Reason">At most <see cref="MaxLength"/> characters.</param>
public sealed record Signature(string By, string Reason, Instant At)
{
    public const int MaxLength = 200;
}

/// <summary>The corrections that were ever made. None is changed or deleted; at most it is undone.</summary>
public interface ICorrections
{
    /// <summary>In the order in which they were made, undone ones included.</summary>
    /// <param name="meter">Of any meter unless said.</param>
    Task<IReadOnlyList<Correction>> AllAsync(MeterName? meter, CancellationToken ct);

    /// <summary>Those in force for these meters, each meter's in order of time.</summary>
    Task<IReadOnlyDictionary<MeterName, IReadOnlyList<CorrectedSpan>>> InForceAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct);

    /// <summary>Puts a correction in force and marks its days to be computed again, in one transaction.</summary>
    /// <returns>The new correction; nothing was stored if one that overlaps it is in force, which is returned instead.</returns>
    Task<(Correction Correction, bool Stored)> AddAsync(CorrectedSpan what, SlotEnergy before, Signature made, LocalCalendar calendar, CancellationToken ct);

    /// <summary>Lets the readings speak again.</summary>
    /// <returns>False if it was undone already, or is not there.</returns>
    Task<bool> UndoAsync(long number, Signature undone, LocalCalendar calendar, CancellationToken ct);
}
