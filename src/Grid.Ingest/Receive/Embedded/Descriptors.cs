using System.Globalization;

namespace Grid.Ingest;

/// <summary>
/// File descriptors that this process may have. With none left the runtime cannot load an assembly, and ends the
/// process: connections must leave some.
/// </summary>
internal static class Descriptors
{
    private const int Reserve = 256;
    private const string Limits = "/proc/self/limits";

    /// <summary>The highest that a connection may have. The kernel gives the lowest that is free: so high a number says that all below it are taken.</summary>
    public static long HighestForConnections() => File.Exists(Limits) ? HighestForConnections(File.ReadLines(Limits)) : long.MaxValue;

    internal static long HighestForConnections(IEnumerable<string> limits)
    {
        const string Name = "Max open files";
        var soft = limits.Where(l => l.StartsWith(Name, StringComparison.Ordinal)).Select(l => l[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? Math.Max(files - Reserve, 1) : long.MaxValue; // or "unlimited"
    }
}
