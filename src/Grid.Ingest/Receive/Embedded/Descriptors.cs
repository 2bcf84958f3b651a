using System.Globalization;

namespace Grid.Ingest;

/// <summary>
/// File descriptors that this process may have. With none left no file can be opened, no thread be started, and the runtime ends the
/// process: connections must leave some.
/// </summary>
internal static class Descriptors
{
    private const int Reserve = 256;
    private const string Limits = "/proc/self/limits";

    /// <summary>How many may be connections.</summary>
    public static int ForConnections() => File.Exists(Limits) ? ForConnections(File.ReadLines(Limits)) : int.MaxValue;

    internal static int ForConnections(IEnumerable<string> limits)
    {
        const string Name = "Max open files";
        var soft = limits.Where(l => l.StartsWith(Name, StringComparison.Ordinal)).Select(l => l[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).FirstOrDefault();
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var files) ? (int)Math.Clamp(files - Reserve, 1, int.MaxValue) : int.MaxValue; // or "unlimited"
    }
}
