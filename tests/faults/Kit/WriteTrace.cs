namespace Grid.Faults;

/// <summary>What a process does to files, call by call, as strace notes it; strings come in hexadecimal, so that nothing in them ends a line.</summary>
internal sealed class WriteTrace(string file)
{
    private const string Calls =
        "openat,creat,pwrite64,pwritev,pwritev2,write,writev,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range,unlink,unlinkat,rename,renameat,renameat2,link,linkat,copy_file_range,sendfile";

    private const string Unfinished = "<unfinished ...>";

    public double Megabytes => new FileInfo(file).Length / 1e6;

    /// <summary>The arguments of a strace that stands aside: the process is the program itself.</summary>
    public string[] Of(string program) =>
        ["-D", "-f", "-q", "-y", "-xx", "-ttt", "-a", "1", "-s", "70000", "--seccomp-bpf", "-e", "trace=" + Calls, "-o", file, program];

    /// <summary>Waits until the last of a killed process is noted.</summary>
    public Task EndAsync(int process, RowRun run) => Poll.UntilAsync("strace noted the end", run.Patience, async attempt =>
    {
        using var tail = File.OpenText(file);
        tail.BaseStream.Seek(-Math.Min(2_000, tail.BaseStream.Length), SeekOrigin.End);
        var lines = (await tail.ReadToEndAsync(attempt)).Split('\n');
        return lines.Any(l => l.StartsWith($"{process} ", StringComparison.Ordinal) && l.Contains("+++ killed", StringComparison.Ordinal));
    }, run.Stop);

    /// <summary>Each call twice, when it begins and when it has returned, in the order in which that happened. One that the kill cut off only begins.</summary>
    public IEnumerable<SystemCall> Read()
    {
        Dictionary<string, SystemCall> begun = new(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            if (line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is not [var thread, var time, var text]) throw new FormatException($"not a line of strace's: {line}");
            if (text.StartsWith("+++", StringComparison.Ordinal) || text.StartsWith("---", StringComparison.Ordinal)) continue;
            if (!text.StartsWith("<...", StringComparison.Ordinal))
            {
                var open = text.IndexOf('(', StringComparison.Ordinal);
                begun[thread] = new(text[..open], text[(open + 1)..]);
                yield return begun[thread].Turn(time);
                if (text.EndsWith(Unfinished, StringComparison.Ordinal)) continue;
            }

            if (!begun.Remove(thread, out var call)) throw new FormatException($"strace noted the end of a call that did not begin: {line}");
            call.Result = text[(text.LastIndexOf(" = ", StringComparison.Ordinal) + 3)..];
            yield return call.Turn(time);
        }
    }
}

/// <summary>A call with its arguments as strace writes them.</summary>
internal sealed record SystemCall(string Name, string Arguments)
{
    /// <summary>Null until it returns.</summary>
    public string? Result { get; set; }

    /// <summary>When it began, or when it returned.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>It tells its files by their names, not by descriptors.</summary>
    public bool IsByName => Name is "creat" or "truncate" || Name.StartsWith("unlink", StringComparison.Ordinal) || Name.StartsWith("rename", StringComparison.Ordinal) || Name.StartsWith("link", StringComparison.Ordinal);

    public bool Failed => Result is ['-', ..];

    /// <summary>What a descriptor stands for; a file that is no longer there has no name.</summary>
    public static string? PathOf(string text)
    {
        var (from, to) = (text.IndexOf('<', StringComparison.Ordinal) + 1, text.IndexOf('>', StringComparison.Ordinal));
        return from == 0 || text.AsSpan(to).StartsWith(">(deleted)", StringComparison.Ordinal) ? null : System.Text.Encoding.UTF8.GetString(Bytes(text.AsSpan(from, to - from)));
    }

    public bool Mentions(string path) => Arguments.Contains(string.Concat(System.Text.Encoding.UTF8.GetBytes(path).Select(b => $"\\x{b:x2}")), StringComparison.Ordinal);

    public SystemCall Turn(string time)
    {
        At = DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(time, CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>The names among the arguments.</summary>
    public string[] Paths() => [.. Arguments.Split('"').Where((_, i) => i % 2 == 1).Select(p => System.Text.Encoding.UTF8.GetString(Bytes(p)))];

    /// <summary>The string among the arguments.</summary>
    public byte[] Quoted()
    {
        var (from, to) = (Arguments.IndexOf('"', StringComparison.Ordinal) + 1, Arguments.LastIndexOf('"'));
        return Arguments.AsSpan(to).StartsWith("\"...", StringComparison.Ordinal) ? throw new FormatException($"strace cut {Name} short.") : Bytes(Arguments.AsSpan(from, to - from));
    }

    /// <summary>The last argument.</summary>
    public long Last()
    {
        var end = Arguments.AsSpan().TrimEnd();
        var (unfinished, closed) = (end.LastIndexOf(" <unfinished", StringComparison.Ordinal), end.LastIndexOf(") = ", StringComparison.Ordinal));
        var all = end[..(unfinished >= 0 ? unfinished : closed)];
        return long.Parse(all[(all.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(ReadOnlySpan<char> hexadecimal)
    {
        var bytes = new byte[hexadecimal.Length / 4];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)((Digit(hexadecimal[(i * 4) + 2]) << 4) | Digit(hexadecimal[(i * 4) + 3]));
        return bytes;
    }

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
