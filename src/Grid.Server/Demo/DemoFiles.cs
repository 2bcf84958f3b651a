using System.Text.Json;
using Grid.Domain;

namespace Grid.Server;

/// <summary>What a second start must find again: the neighbourhood's recipe, its gateways' secrets, and the accounts.</summary>
internal sealed class DemoFiles(string directory)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Tariffs => Path.Combine(directory, "tariffs.csv");

    public string Accounts => Path.Combine(directory, "demo-accounts.json");

    private string State => Path.Combine(directory, "demo.json");

    public DemoState? ReadState() => File.Exists(State) ? JsonSerializer.Deserialize<DemoState>(File.ReadAllBytes(State), Json) : null;

    public void Write(DemoState state) => PrivateFile.Write(State, JsonSerializer.SerializeToUtf8Bytes(state, Json));

    public bool HasAccounts => File.Exists(Accounts);

    public void Write(IReadOnlyList<DemoAccount> accounts) => PrivateFile.Write(Accounts, JsonSerializer.SerializeToUtf8Bytes(accounts, Json));
}

/// <param name="OriginMs">When the meters were hung: the first instant of the history, milliseconds since 1970.</param>
/// <param name="Secrets">By gateway.</param>
internal sealed record DemoState(int Seed, int Households, int HistoryDays, long OriginMs, IReadOnlyDictionary<string, string> Secrets)
{
    public Instant Origin => Instant.FromUnixTimeMilliseconds(OriginMs);

    public string SecretOf(GatewayName gateway) => Secrets[gateway.Value];
}

/// <param name="Household">Null for an operator.</param>
internal sealed record DemoAccount(string Email, string Password, string Role, string? Household);
