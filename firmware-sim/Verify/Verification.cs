using System.Collections.Concurrent;
using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>Fetches what a server stored and quarantined of a run, and holds it against the run's log and truth.</summary>
public sealed class Verification(Truth truth, RunLog log, OperatorApi operators, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Around the scenario, for what a wrong clock stamped and what nobody sent.
    private static readonly Duration Margin = Duration.FromDays(2);

    public Acknowledgement By { get; init; } = Acknowledgement.PubAck;

    /// <summary>Compares, and again for as long as something acknowledged is still on its way into the store.</summary>
    /// <param name="patience">How long at most.</param>
    public async Task<VerifyReport> RunAsync(TimeSpan patience, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var report = await OnceAsync(ct);
            if (report.Count(Breach.Lost) == 0 || clock.GetElapsedTime(begun) >= patience) return report;
            await Task.Delay(Pause, clock, ct);
        }
    }

    private async Task<VerifyReport> OnceAsync(CancellationToken ct)
    {
        var (from, to) = Span();
        ConcurrentDictionary<MeterName, IReadOnlyList<Reading>> stored = new();
        await Parallel.ForEachAsync(truth.Meters.Keys, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (meter, stop) =>
            stored[meter] = await operators.ReadingsAsync(meter, from, to, stop));
        // Read behind the readings: what left the one for the other meanwhile is not missed.
        var now = Instant.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var quarantine = await operators.QuarantineAsync(log.StartedAt!.Value - Duration.FromHours(1), now + Duration.FromHours(1), ct);
        return Verifier.Compare(truth, log, stored, quarantine, By);
    }

    private (Instant From, Instant To) Span()
    {
        var (from, to) = (truth.Start - Margin, truth.End + Margin);
        foreach (var message in truth.Messages.Values)
        foreach (var (reading, expected) in message.Readings)
        {
            if (!expected.HasFlag(Fate.Stored)) continue;
            (from, to) = (Instant.Min(from, reading.At), Instant.Max(to, reading.At + Duration.FromMilliseconds(1)));
        }

        return (from, to);
    }
}
