using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// Sends recorded consumption as gateways would: both ends of every interval as readings of a register that adds the intervals
/// up, and after a gap a restart of the register, so that what passed in between stays unknown rather than 0 Wh.
/// </summary>
public static class Replay
{
    /// <summary>The messages of recordings that share one gateway, household after household, numbered from <paramref name="firstSeq"/>. The same input gives the same bytes.</summary>
    public static IEnumerable<ReplayMessage> Messages(IEnumerable<IntervalSeries> recording, long epoch, long firstSeq, ReplayOptions options)
    {
        var seq = firstSeq;
        foreach (var series in recording)
        {
            var meter = MeterName.Parse(options.MeterPrefix + series.Household);
            var batch = new ReadingBatch(epoch, LimitFor(meter, options));
            var register = options.BaseWh;
            var end = (Instant?)null;
            foreach (var interval in series.Intervals)
            {
                if (interval.Start != end)
                {
                    if (end is not null)
                    {
                        if (batch.Take(ref seq) is { } before) yield return before;
                        yield return Restart(meter, interval.Start, register, epoch, seq++);
                    }

                    if (batch.Add(new(meter, interval.Start, new(register)), ref seq) is { } first) yield return first;
                }

                register += interval.Wh;
                end = interval.End;
                if (batch.Add(new(meter, interval.End, new(register)), ref seq) is { } full) yield return full;
            }

            if (batch.Take(ref seq) is { } last) yield return last;
        }
    }

    /// <summary>How many messages <see cref="Messages"/> makes.</summary>
    public static long CountMessages(IEnumerable<IntervalSeries> recording, ReplayOptions options)
    {
        long count = 0;
        foreach (var series in recording)
        {
            var limit = LimitFor(MeterName.Parse(options.MeterPrefix + series.Household), options);
            var (end, run) = ((Instant?)null, 0L);
            foreach (var interval in series.Intervals)
            {
                if (interval.Start != end)
                {
                    if (end is not null) count += 1 + ((run + limit - 1) / limit);
                    run = 1;
                }

                (end, run) = (interval.End, run + 1);
            }

            count += (run + limit - 1) / limit;
        }

        return count;
    }

    /// <summary>Sends the recording and returns once the broker has acknowledged all of it.</summary>
    /// <exception cref="GatewayFaultException">The broker does not answer at first, or refuses a gateway.</exception>
    public static async Task<FleetProgress> RunAsync(
        IReadOnlyList<IntervalSeries> recording, ReplayOptions options, TimeProvider clock, IProgress<FleetProgress>? progress, CancellationToken ct)
    {
        var byGateway = recording.GroupBy(series => options.GatewayOf(series.Household)).ToArray();
        var epoch = options.Epoch ?? clock.GetUtcNow().ToUnixTimeSeconds();
        var inAll = CountMessages(recording, options);
        long messages = 0, readings = 0;
        await Parallel.ForEachAsync(byGateway, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct }, async (gateway, stop) =>
        {
            await using var client = new GatewayClient(
                new(gateway.Key, options.SecretOf(gateway.Key)) { Host = options.Host, Port = options.Port, Epoch = epoch, Window = options.Window, Notice = options.Notice }, clock);
            await client.ConnectAsync(stop);
            foreach (var message in Messages(gateway, epoch, 1, options))
            {
                await client.PostAsync(message.Kind, message.Payload, stop, () =>
                {
                    var sent = new FleetProgress(Interlocked.Increment(ref messages), inAll, Interlocked.Add(ref readings, message.Readings));
                    progress?.Report(sent);
                });
                // The restart must be known before the readings behind the gap.
                if (message.Kind == TopicKind.Events) await client.DrainAsync(stop);
            }

            await client.DrainAsync(stop);
        });
        return new(messages, inAll, readings);
    }

    private static ReplayMessage Restart(MeterName meter, Instant at, long register, long epoch, long seq) =>
        new(TopicKind.Events, seq, 0, SmallMessages.Encode(new EventMessage(epoch, seq, new(MeterEventKind.RegisterRestart, meter, at, register, register))));

    /// <summary>As many readings as were asked for, or as surely fit into the contract's message size.</summary>
    private static int LimitFor(MeterName meter, ReplayOptions options) =>
        Math.Min(options.ReadingsPerMessage, (WireLimits.MaxMessageBytes - 128) / (80 + meter.Value.Length));

    private sealed class ReadingBatch(long epoch, int limit)
    {
        private readonly List<Reading> _readings = [];

        /// <summary>Answers a message when the batch is full.</summary>
        public ReplayMessage? Add(Reading reading, ref long seq)
        {
            _readings.Add(reading);
            return _readings.Count == limit ? Take(ref seq) : null;
        }

        /// <summary>What the batch holds as a message; null if it is empty.</summary>
        public ReplayMessage? Take(ref long seq)
        {
            if (_readings.Count == 0) return null;
            var message = new ReplayMessage(TopicKind.Readings, seq, _readings.Count, GatewayClient.Encode(new(epoch, seq, [.. _readings])));
            _readings.Clear();
            seq++;
            return message;
        }
    }
}
