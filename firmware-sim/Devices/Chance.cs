namespace Grid.FirmwareSim;

/// <summary>Chance without memory: a hash of the seed and of what is asked for, so that any moment can be asked for first.</summary>
internal static class Chance
{
    /// <summary>0 to below 1.</summary>
    public static double Unit(long seed, long a, long b = 0, long c = 0) => (Bits(seed, a, b, c) >> 11) * (1.0 / (1UL << 53));

    /// <summary>-1 to 1, smooth in <paramref name="x"/>: fixed at whole numbers, eased between them.</summary>
    public static double Smooth(long seed, long stream, double x)
    {
        var left = (long)Math.Floor(x);
        var t = x - left;
        var (from, to) = (Unit(seed, stream, left), Unit(seed, stream, left + 1));
        return (2 * (from + ((to - from) * t * t * (3 - (2 * t))))) - 1;
    }

    /// <summary>A sine of period 1 from products only: the same bits on every processor, which Math.Sin does not promise.</summary>
    public static double Wave(double turns)
    {
        var x = (turns - Math.Floor(turns)) * 2;
        var half = x < 1 ? x : x - 1;
        var y = 4 * half * (1 - half);
        y = (0.225 * ((y * y) - y)) + y;
        return x < 1 ? y : -y;
    }

    /// <summary>SplitMix64 over each part in turn.</summary>
    private static ulong Bits(long seed, long a, long b, long c)
    {
        unchecked
        {
            return Mix(Mix(Mix(Mix((ulong)seed) ^ (ulong)a) ^ (ulong)b) ^ (ulong)c);
        }
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
