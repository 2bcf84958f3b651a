using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Grid.IntegrationTests.Servers;

/// <summary>A Mosquitto for one test, which may stop, kill and start it again: on a free port, its files in a directory of its own. Skips the test where there is none.</summary>
public sealed class OwnMosquitto : IAsyncDisposable
{
    private const int Iterations = 101; // mosquitto_passwd's own number
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-mosquitto-");
    private readonly string _program;
    private Process? _process;

    private OwnMosquitto(string program) => _program = program;

    public string Host { get; } = "127.0.0.1";

    public int Port { get; } = GridProcess.FreePort();

    public string IngestUser { get; } = "ingest";

    public string IngestPassword { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>What it wrote, over all its lives; every packet too.</summary>
    public string Output
    {
        get
        {
            using StreamReader log = new(new FileStream(LogFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite));
            return log.ReadToEnd();
        }
    }

    private string LogFile => Path.Combine(_folder.FullName, "log");

    private string Acl => Path.Combine(_folder.FullName, "acl");

    private string Passwd => Path.Combine(_folder.FullName, "passwd");

    /// <param name="settings">Lines of mosquitto.conf, such as those of TLS, which belong to the listener.</param>
    public static async Task<OwnMosquitto> StartOrSkipAsync(params string[] settings)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "Mosquitto is not there: run tests/run");
        OwnMosquitto mosquitto = new(program!);
        await File.WriteAllTextAsync(mosquitto.Passwd, Line(mosquitto.IngestUser, mosquitto.IngestPassword));
        await mosquitto.WriteRightsAsync("readwrite");
        await File.WriteAllLinesAsync(Path.Combine(mosquitto._folder.FullName, "mosquitto.conf"),
        [
            $"listener {mosquitto.Port} 127.0.0.1", .. settings,
            "allow_anonymous false", $"password_file {mosquitto.Passwd}", $"acl_file {mosquitto.Acl}",
            "persistence true", $"persistence_location {mosquitto._folder.FullName}/", "max_queued_messages 10000000", $"log_dest file {mosquitto.LogFile}", "log_type all", // to its standard output it would write in blocks
            .. Environment.IsPrivilegedProcess ? ["user root"] : Array.Empty<string>(), // started by root it would become a user who may not read this directory
        ]);
        await mosquitto.StartAsync();
        return mosquitto;
    }

    /// <summary>Starts it again on the same port, with what it kept.</summary>
    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(_program, ["-c", Path.Combine(_folder.FullName, "mosquitto.conf")]) { UseShellExecute = false, RedirectStandardError = true })!;
        await Eventually.BecomesTrueAsync("Mosquitto answered", Patience, AnswersAsync, TestContext.Current.CancellationToken);
    }

    /// <summary>Lets a gateway in; one that is connected stays so.</summary>
    public async Task AddGatewayAsync(string name, string secret)
    {
        await File.AppendAllTextAsync(Passwd, Line(name, secret));
        await ReloadAsync();
    }

    /// <summary>Changes what ingest may do while it is connected.</summary>
    /// <param name="rights">As in mosquitto's acl: <c>read</c>, <c>write</c> or <c>readwrite</c>.</param>
    public async Task LetIngestAsync(string rights)
    {
        await WriteRightsAsync(rights);
        await ReloadAsync();
    }

    /// <summary>SIGKILL: it keeps what it had written to its disk, and no more.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await EndedAsync();
    }

    /// <summary>SIGTERM.</summary>
    public async Task StopAsync()
    {
        Signals.AskToStop(_process!.Id);
        await EndedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(Output);
        _folder.Delete(recursive: true);
    }

    private static string Line(string name, string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, Iterations, HashAlgorithmName.SHA512, 64);
        return string.Create(CultureInfo.InvariantCulture, $"{name}:$7${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}\n");
    }

    private Task WriteRightsAsync(string ofIngest) =>
        File.WriteAllLinesAsync(Acl, ["user ingest", $"topic {ofIngest} grid/v1/#", "", "pattern write grid/v1/%u/#", "pattern read grid/v1/%u/#"]);

    private async Task ReloadAsync()
    {
        var before = Output.Length;
        Signals.ReloadConfiguration(_process!.Id);
        await Eventually.BecomesTrueAsync("it read its files again", Patience, _ => Task.FromResult(Output[before..].Contains("Reloading config", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    private async Task<bool> AnswersAsync(CancellationToken attempt)
    {
        if (_process is not { HasExited: false }) throw new InvalidOperationException($"Mosquitto ended before it was ready:\n{Output}");
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(Host, Port, attempt);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
