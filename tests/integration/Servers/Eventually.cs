using System.Diagnostics;

namespace Grid.IntegrationTests.Servers;

/// <summary>Waits for what another process is about to do, and no longer than needed.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <param name="what">Completes "Gave up waiting until …".</param>
    /// <param name="happened">An exception of a network or file counts as "not yet"; the last one is told on giving up.</param>
    public static async Task BecomesTrueAsync(string what, TimeSpan within, Func<CancellationToken, Task<bool>> happened, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        Exception? last = null;
        do
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
            attempt.CancelAfter(TimeSpan.FromSeconds(5));
            try
            {
                if (await happened(attempt.Token)) return;
            }
            catch (Exception failure) when (IsNotYet(failure) && !stop.IsCancellationRequested)
            {
                last = failure;
            }

            await Task.Delay(Pause, stop);
        }
        while (watch.Elapsed < within);

        throw new TimeoutException($"Gave up waiting until {what}, after {within.TotalSeconds} s.", last);
    }

    private static bool IsNotYet(Exception failure) =>
        failure is HttpRequestException or System.Net.Sockets.SocketException or IOException or OperationCanceledException or MQTTnet.Exceptions.MqttCommunicationException;
}
