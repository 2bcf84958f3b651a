using System.Numerics;

namespace Grid.Benchmarks;

/// <summary>Durations in buckets no wider than 3 %, for many threads.</summary>
internal sealed class LatencyHistogram
{
    private const int Fine = 32;

    private readonly long[] _counts = new long[64 * Fine];

    public void Add(TimeSpan duration) => Interlocked.Increment(ref _counts[BucketOf((long)duration.TotalMicroseconds)]);

    /// <returns>Milliseconds; 0 where nothing was counted.</returns>
    public double PercentileMs(double percent)
    {
        var wanted = Math.Ceiling(_counts.Sum() * percent / 100);
        double seen = 0;
        for (var bucket = 0; bucket < _counts.Length && wanted > 0; bucket++)
            if ((seen += _counts[bucket]) >= wanted) return UpperEdge(bucket) / 1000d;
        return 0;
    }

    // Up to Fine one microsecond a bucket, from there Fine buckets an octave.
    private static int BucketOf(long microseconds)
    {
        if (microseconds < Fine) return (int)Math.Max(0, microseconds);
        var octave = BitOperations.Log2((ulong)microseconds) - 5;
        return ((octave + 1) * Fine) + (int)(microseconds >> octave) - Fine;
    }

    private static double UpperEdge(int bucket)
    {
        if (bucket < Fine) return bucket + 1;
        var octave = (bucket / Fine) - 1;
        return (double)((bucket % Fine) + Fine + 1) * Math.Pow(2, octave);
    }
}
