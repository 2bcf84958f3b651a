using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Grid.IntegrationTests.Servers;

/// <summary>Grid as users run it: a process of its own, which a test may kill. Disposing kills what still runs and hands its output to the test.</summary>
public sealed class GridProcess : IAsyncDisposable
{
    private const int OutputLines = 400;
    private static readonly TimeSpan TimeToStart = TimeSpan.FromSeconds(150); // all test assemblies start at once, on two cores
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly Queue<(string Line, bool IsError)> output = new();

    private GridProcess(ProcessStartInfo start)
    {
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Keep(line.Data, isError: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The last lines that it wrote, standard output and error in order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (output) return string.Join('\n', output.Select(o => o.Line));
        }
    }

    /// <summary>The same lines, standard output before standard error: in which order two streams arrive is chance.</summary>
    public string OutputThenErrors
    {
        get
        {
            lock (output) return string.Join('\n', output.OrderBy(o => o.IsError).Select(o => o.Line));
        }
    }

    public static GridProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var server = ServerPath();
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [server, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(server)!,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new GridProcess(start);
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="url">Where its HTTP listens; readiness is asked from there.</param>
    public async Task WaitUntilReadyAsync(Uri url)
    {
        using var http = new HttpClient { BaseAddress = url };
        await Eventually.BecomesTrueAsync("Grid was ready", TimeToStart, ReadyAsync, TestContext.Current.CancellationToken);

        async Task<bool> ReadyAsync(CancellationToken attempt)
        {
            if (process.HasExited) throw new InvalidOperationException($"Grid ended with exit code {process.ExitCode} before it was ready:\n{Output}");
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), attempt);
            return response.IsSuccessStatusCode;
        }
    }

    /// <summary>Waits for it to end by itself, and for its last words. Returns the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>SIGKILL: nothing in it gets to say goodbye.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager stops it. Returns the exit code; one that does not end in time throws.</summary>
    public async Task<int> StopAsync()
    {
        if (!process.HasExited) Signals.AskToStop(process.Id);
        using var patience = new CancellationTokenSource(TimeToStop);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"Grid did not stop within {TimeToStop.TotalSeconds} s of SIGTERM:\n{Output}", late);
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
        // The runner shows this for a failed test only.
        TestContext.Current.TestOutputHelper?.WriteLine($"Grid wrote:\n{Output}");
    }

    /// <summary>Beside the tests, thanks to the project reference; else where the build put it.</summary>
    private static string ServerPath()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string[] places =
        [
            Path.Combine(here.FullName, "Grid.Server.dll"),
            Path.Combine(here.FullName, "..", "..", "Grid.Server", here.Name, "Grid.Server.dll"),
        ];
        return places.Select(Path.GetFullPath).FirstOrDefault(place => File.Exists(place) && File.Exists(Path.ChangeExtension(place, ".runtimeconfig.json")))
            ?? throw new FileNotFoundException($"Grid.Server is not built: it is in neither of {string.Join(", ", places)}");
    }

    private void Keep(string? line, bool isError)
    {
        if (line is null) return;
        lock (output)
        {
            if (output.Count == OutputLines) output.Dequeue();
            output.Enqueue((line, isError));
        }
    }
}
