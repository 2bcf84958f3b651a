using System.Security.Cryptography;
using System.Text;
using Grid.Domain;
using Grid.Ingest;

namespace Grid.Server;

/// <summary>
/// The <c>passwd</c> and <c>acl</c> files that an external Mosquitto reads. A gateway may write and read its own topics only;
/// ingest's own account comes from Grid:Broker:User and Password.
/// </summary>
internal sealed class MosquittoFiles(GridOptions options)
{
    private const int Iterations = 101; // Mosquitto's own; the secrets have 160 random bits
    private const int IterationsOfIngest = 20_000; // a person may have chosen its password; more would let wrong ones hold Mosquitto up, which does nothing else meanwhile
    private readonly string _directory = Path.Combine(options.DataDirectory, "mosquitto");

    private string Passwd => Path.Combine(_directory, "passwd");

    public void Set(IReadOnlyCollection<(GatewayName Gateway, string Secret)> secrets)
    {
        var lines = Lines();
        foreach (var (gateway, secret) in secrets) lines[gateway.Value] = Line(gateway.Value, secret, Iterations);
        Write(lines);
    }

    /// <summary>Gateways of these that Mosquitto would not let in by this node's file.</summary>
    public IReadOnlyList<GatewayName> Missing(IEnumerable<GatewayName> withSecret)
    {
        var lines = Lines();
        return options.Broker.Kind is BrokerKind.External ? [.. withSecret.Where(g => !lines.ContainsKey(g.Value))] : [];
    }

    public void Remove(IReadOnlyCollection<GatewayName> gateways)
    {
        var lines = Lines();
        foreach (var gateway in gateways) lines.Remove(gateway.Value);
        Write(lines);
    }

    /// <summary><c>user:$7$iterations$salt$hash</c>, PBKDF2 over SHA-512, as mosquitto_passwd writes it.</summary>
    internal static string Line(string user, string password, int iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA512, 64);
        return $"{user}:$7${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    private SortedDictionary<string, string> Lines() => File.Exists(Passwd)
        ? new(File.ReadLines(Passwd).Where(l => l.Contains(':', StringComparison.Ordinal)).ToDictionary(l => l[..l.IndexOf(':', StringComparison.Ordinal)], StringComparer.Ordinal), StringComparer.Ordinal)
        : new(StringComparer.Ordinal);

    private void Write(SortedDictionary<string, string> lines)
    {
        var ingest = options.Broker.Kind is BrokerKind.External ? options.Broker.User : "";
        if (ingest.Length > 0) lines[ingest] = Line(ingest, options.Broker.Password, IterationsOfIngest);
        PrivateFile.Write(Passwd, Encoding.UTF8.GetBytes(string.Concat(lines.Values.Select(l => l + "\n"))));
        PrivateFile.Write(Path.Combine(_directory, "acl"), Encoding.UTF8.GetBytes(Acl(ingest)));
    }

    private static string Acl(string ingest)
    {
        var own = Enum.GetValues<Wire.TopicKind>().Select(kind => $"pattern {(Wire.Topics.IsFromGateway(kind) ? "write" : "read")} {Wire.Topics.Root}/%u/{Wire.Topics.Level(kind)}");
        string[] ours = ingest.Length > 0 ? [$"user {ingest}", $"topic readwrite {Wire.Topics.Root}/#", "topic read $SYS/#", ""] : [];
        return string.Join('\n', (string[])[.. ours, .. own, ""]);
    }
}
