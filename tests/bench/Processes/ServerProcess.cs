using System.Net;
using System.Net.Sockets;

namespace Grid.Benchmarks;

/// <summary>A process that the bench started: stopped or killed by its id, its last lines kept for when it fails.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 200;
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(15);

    private readonly string _name;
    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private ServerProcess(string name, ProcessStartInfo start)
    {
        _name = name;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public static ServerProcess Start(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[key] = value;
        return new ServerProcess(name, start);
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until it does what it was started for; one that ends before throws with what it said.</summary>
    public Task WaitUntilAsync(string what, TimeSpan within, Func<CancellationToken, Task<bool>> ready, CancellationToken ct) =>
        Poll.UntilAsync($"{_name} {what}", within, async attempt => !HasExited
            ? await ready(attempt)
            : throw new InvalidOperationException($"{_name} ended with exit code {_process.ExitCode}:\n{Output}"), ct);

    /// <returns>The exit code of a command that ends by itself.</returns>
    public async Task<int> EndAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and SIGKILL if it does not listen.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited) Signals.AskToStop(_process.Id);
        using var patience = new CancellationTokenSource(TimeToStop);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count == LinesKept) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }
}
