namespace Grid.Server;

/// <summary>Tells on standard error how far long work has come, a line every few seconds: standard output is the result's.</summary>
internal sealed class StageProgress(TimeProvider clock)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    private long _last = clock.GetTimestamp();

    public void Tell(string what, long done, long? total = null)
    {
        if (clock.GetElapsedTime(_last) < BetweenLines) return;
        _last = clock.GetTimestamp();
        Console.Error.WriteLine(total is { } all ? FormattableString.Invariant($"{what}: {done:N0} of {all:N0}") : FormattableString.Invariant($"{what}: {done:N0}"));
    }
}
