namespace Grid.Ingest;

/// <summary>Who waits for an entry's commit. Told once, on the committing thread: both answers must be quick and must not throw.</summary>
internal interface IReceipt
{
    /// <summary>It is on disk.</summary>
    void Committed();

    /// <summary>It was not taken: the sender must keep it.</summary>
    void PushedBack(JournalFullException why);
}

/// <summary>A receipt that can be awaited.</summary>
internal sealed class AwaitedReceipt : IReceipt
{
    private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the entry is on disk; throws <see cref="JournalFullException"/> if it was not taken.</summary>
    public Task Task => _committed.Task;

    public void Committed() => _committed.TrySetResult();

    public void PushedBack(JournalFullException why) => _committed.TrySetException(why);
}
