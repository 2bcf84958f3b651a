using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;

namespace Grid.IntegrationTests.Servers;

/// <summary>The Mosquitto of tests/run, one for all tests: name gateways so that no two tests share one. Skips the test where there is none.</summary>
public sealed class RealMosquitto
{
    private const int Iterations = 101; // mosquitto_passwd's own number
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly int process = int.Parse(Read("PID"), CultureInfo.InvariantCulture);
    private readonly string passwd = Read("PASSWD");

    private RealMosquitto()
    {
    }

    public string Host { get; } = Read("HOST");

    public int Port { get; } = int.Parse(Read("PORT"), CultureInfo.InvariantCulture);

    /// <summary>May publish and subscribe everywhere under grid/v1; any number of clients may use it at once.</summary>
    public string IngestUser { get; } = Read("USER");

    public string IngestPassword { get; } = Read("PASSWORD");

    public static RealMosquitto OrSkip() => new();

    /// <summary>Lets a gateway in and returns once it can log in. It may write and read its own topics only.</summary>
    public async Task AddGatewayAsync(string name, string secret)
    {
        var stop = TestContext.Current.CancellationToken;
        await Eventually.BecomesTrueAsync("the passwd file was free", Patience, _ => AppendAsync(Line(name, secret)), stop);
        Signals.ReloadConfiguration(process);
        await Eventually.BecomesTrueAsync($"gateway {name} could log in", Patience, attempt => CanLogInAsync(name, secret, attempt), stop);
    }

    public MqttClientOptionsBuilder OptionsFor(string user, string password, string clientId) => new MqttClientOptionsBuilder()
        .WithTcpServer(Host, Port)
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithCredentials(user, password)
        .WithClientId(clientId);

    public async Task<bool> CanLogInAsync(string user, string password, CancellationToken stop)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = OptionsFor(user, password, $"probe-{Guid.NewGuid():N}").Build();
        if ((await client.ConnectAsync(options, stop)).ResultCode != MqttClientConnectResultCode.Success) return false;

        await client.DisconnectAsync(cancellationToken: stop);
        return true;
    }

    private static string Line(string name, string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, Iterations, HashAlgorithmName.SHA512, 64);
        return string.Create(CultureInfo.InvariantCulture, $"{name}:$7${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}\n");
    }

    /// <summary>The lock is for other tests, which may run in other processes: the file takes one writer at a time.</summary>
    private async Task<bool> AppendAsync(string line)
    {
        await using var file = new FileStream(passwd, FileMode.Append, FileAccess.Write, FileShare.None);
        await file.WriteAsync(Encoding.UTF8.GetBytes(line));
        return true;
    }

    private static string Read(string name) => Setting.OrSkip($"GRID_TEST_MOSQUITTO_{name}", "Mosquitto");
}
