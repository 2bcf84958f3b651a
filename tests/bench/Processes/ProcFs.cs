namespace Grid.Benchmarks;

/// <summary>What Linux counts of processes.</summary>
internal static class ProcFs
{
    private const int TicksASecond = 100; // of /proc on every Linux that .NET runs on

    /// <summary>User and system time so far of all living processes of the session that <paramref name="leader"/> leads, their reaped children included.</summary>
    public static TimeSpan CpuOfSession(int leader) => Sum(InSession(leader), withChildren: true);

    public static TimeSpan CpuOf(int process) => Sum([process], withChildren: false);

    /// <summary>The most memory that it ever had resident, in megabytes.</summary>
    public static double PeakMegabytes(int process) => Status(process, "VmHWM:");

    public static double ResidentMegabytes(int process) => Status(process, "VmRSS:");

    public static double PeakMegabytesOfSession(int leader) => InSession(leader).Sum(PeakMegabytes);

    /// <summary>Processes that ran or wanted to, of the last minute, for each core.</summary>
    public static double LoadOfACore() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) / System.Environment.ProcessorCount;

    public static IReadOnlyList<int> InSession(int leader) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => char.IsAsciiDigit(n![0])).Select(n => int.Parse(n!, CultureInfo.InvariantCulture)).Where(p => SessionOf(p) == leader)];

    private static int SessionOf(int process) => Stat(process) is { } stat ? int.Parse(stat[3], CultureInfo.InvariantCulture) : 0;

    private static TimeSpan Sum(IReadOnlyList<int> processes, bool withChildren)
    {
        long ticks = 0;
        foreach (var stat in processes.Select(Stat).OfType<string[]>())
        for (var field = 11; field < (withChildren ? 15 : 13); field++)
            ticks += long.Parse(stat[field], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksASecond);
    }

    /// <summary>The fields from the third (state) on; null where the process is gone.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Status(int process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
