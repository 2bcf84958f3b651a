namespace Grid.Domain;

/// <summary>What operators read of the quarantine.</summary>
public interface IQuarantine
{
    /// <summary>Items received from <paramref name="from"/> to before <paramref name="to"/>, in that order.</summary>
    IAsyncEnumerable<QuarantinedItem> ReadAsync(Instant from, Instant to, Reason? reason, CancellationToken ct);
}
