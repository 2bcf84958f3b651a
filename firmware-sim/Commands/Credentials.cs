using System.Text.Json;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Gateways and their secrets, as the server prints them once.</summary>
internal sealed class Credentials
{
    private const long MaxBytes = 16L << 20;

    private readonly string _path;
    private readonly Dictionary<GatewayName, string> _secrets;

    private Credentials(string path, Dictionary<GatewayName, string> secrets) => (_path, _secrets) = (path, secrets);

    /// <exception cref="FileFaultException">No such file, or not of that layout.</exception>
    public static Credentials Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes }) throw new FileFaultException(path, null, null, "it is too large to hold credentials.");
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            Dictionary<GatewayName, string> secrets = [];
            foreach (var entry in json.RootElement.EnumerateArray())
            {
                var gateway = GatewayName.Parse(entry.GetProperty("gateway").GetString());
                if (!secrets.TryAdd(gateway, entry.GetProperty("secret").GetString() ?? throw new FormatException($"Gateway {gateway} has no secret.")))
                    throw new FormatException($"Gateway {gateway} stands twice.");
            }

            return new(path, secrets);
        }
        catch (JsonException broken)
        {
            throw new FileFaultException(path, (broken.LineNumber ?? 0) + 1, null, "it is no JSON: give what 'gateway create --json' printed.");
        }
        catch (Exception other) when (other is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FileFaultException(path, null, null, $"it is no list of {{\"gateway\",\"secret\"}} ({other.Message}): give what 'gateway create --json' printed.");
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new FileFaultException(path, null, null, $"it cannot be opened ({unread.Message}): check the path and that you may read it.");
        }
    }

    public bool Has(GatewayName gateway) => _secrets.ContainsKey(gateway);

    public string SecretOf(GatewayName gateway) => _secrets[gateway];

    /// <exception cref="FileFaultException">Some of the gateways are not named.</exception>
    public void Require(IEnumerable<GatewayName> gateways)
    {
        if (gateways.Where(g => !_secrets.ContainsKey(g)).Distinct().ToArray() is not [var first, .. var others]) return;
        var more = others.Length == 0 ? "" : FormattableString.Invariant($" and {others.Length} others");
        throw new FileFaultException(_path, null, null, $"it has no secret for gateway {first}{more}: create them with 'gateway create --json', or ask for fewer.");
    }
}
