namespace Grid.Benchmarks;

/// <summary>Waits for what another process is about to do, and no longer than said.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <param name="what">Completes "Gave up waiting until …".</param>
    /// <param name="happened">An exception of network or file counts as "not yet".</param>
    public static async Task UntilAsync(string what, TimeSpan within, Func<CancellationToken, Task<bool>> happened, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        Exception? last = null;
        do
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(ct);
            attempt.CancelAfter(TimeSpan.FromSeconds(10));
            try
            {
                if (await happened(attempt.Token)) return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or IOException or OperationCanceledException or System.Net.Sockets.SocketException && !ct.IsCancellationRequested)
            {
                last = notYet;
            }

            await Task.Delay(Pause, ct);
        }
        while (Stopwatch.GetElapsedTime(start) < within);

        throw new TimeoutException($"Gave up waiting until {what}, after {within.TotalSeconds:0} s.", last);
    }
}
