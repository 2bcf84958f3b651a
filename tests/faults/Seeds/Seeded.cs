using System.Diagnostics;

#pragma warning disable CA1050, MA0047, RCS1110 // in no namespace: every file of src must be able to name it

/// <summary>
/// Failpoints and seeded bugs of the fault suite. Only its copy of src has this file and the lines that call it, see
/// tests/faults/README.md; what users run has neither.
/// </summary>
public static class Seeded
{
    private static readonly (string Name, int Hit)? Point = Parse(Environment.GetEnvironmentVariable("GRID_FAILPOINT"));
    private static int _hits;

    /// <summary>True where the suite asks for this mistake.</summary>
    public static bool Bug(string name) => string.Equals(Environment.GetEnvironmentVariable("GRID_SEEDED_BUG"), name, StringComparison.Ordinal);

    /// <summary>SIGKILL to this very process, at the n-th time it comes by.</summary>
    public static void Failpoint(string name)
    {
        if (Point is not { } point || !string.Equals(point.Name, name, StringComparison.Ordinal) || Interlocked.Increment(ref _hits) != point.Hit) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite); // not one instruction further
    }

    private static (string, int)? Parse(string? text) => text?.Split(':') is [var name, var hit] ? (name, int.Parse(hit, System.Globalization.CultureInfo.InvariantCulture)) : null;
}
