using System.CommandLine;
using System.Text.Json;
using Grid.Domain;
using Grid.Ingest;
using Grid.Storage;

namespace Grid.Server;

internal static class GatewayCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("name") { Description = "Gateways: 3 to 32 of a-z, 0-9 and '-'.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every gateway of the registry that has no secret yet. One that was revoked stays out: name it to let it in again." };
        var json = new Option<bool>("--json") { Description = "Print JSON, as firmware-sim --credentials reads it." };
        var create = new Command("create", "Gives gateways their secrets and prints them, once.") { names, all, json };
        create.SetAction((parsed, ct) => SecretsAsync(parsed.GetValue(names) ?? [], parsed.GetValue(all), false, parsed.GetValue(json), ct));
        var rotate = new Command("rotate", "Gives gateways new secrets; the old ones end.") { names, json };
        rotate.SetAction((parsed, ct) => SecretsAsync(parsed.GetValue(names) ?? [], false, true, parsed.GetValue(json), ct));
        var revokedJson = new Option<bool>("--json") { Description = "Print JSON." };
        var revoke = new Command("revoke", "Takes gateways' secrets away: they may no longer connect, and an open connection to the embedded broker is cut within 5 s.") { names, revokedJson };
        revoke.SetAction((parsed, ct) => RevokeAsync(parsed.GetValue(names) ?? [], parsed.GetValue(revokedJson), ct));
        return new Command("gateway", "Credentials of metering gateways, for the embedded broker and, in DataDirectory/mosquitto, for an external Mosquitto.") { create, rotate, revoke };
    }

    private static Task<int> SecretsAsync(string[] names, bool all, bool rotate, bool json, CancellationToken ct) => Offline.RunAsync(async (services, options) =>
    {
        var held = (await services.GetRequiredService<IRegistry>().ReadAsync(ct)).Gateways;
        List<GatewayName> revoked = all ? [.. held.Where(g => g.IsRevoked).Select(g => g.Name)] : [];
        var withSecret = held.Where(g => g.SecretHash is not null).Select(g => g.Name).ToHashSet();
        if (all && names.Length > 0) throw new UsageException("Name gateways, or say --all: not both.");
        List<GatewayName> gateways = all ? [.. held.Where(g => g.SecretHash is null && !g.IsRevoked).Select(g => g.Name)] : NamesOf(names, held);
        if (gateways.Count == 0) throw new UsageException(held.Count == 0 ? "The registry has no gateways: 'registry import' brings them." : $"Every gateway has a secret{(revoked.Count > 0 ? " or is revoked" : "")}; 'gateway rotate' gives another.");
        if (!rotate && gateways.Find(withSecret.Contains) is { Value: not null } has) throw new UsageException($"{has} has a secret; 'gateway rotate {has}' gives it another.");
        if (rotate && gateways.Find(g => !withSecret.Contains(g)) is { Value: not null } hasNone) throw new UsageException($"{hasNone} has no secret; 'gateway create {hasNone}' gives it one.");
        MosquittoFiles mosquitto = new(options);
        if (mosquitto.Missing(withSecret.Except(gateways)) is { Count: > 0 } missing)
            throw new UsageException($"Nothing was changed: mosquitto/passwd of this node lacks {Named(missing)}, which would be shut out. Run this on the node where gateways are created, copy its mosquitto folder here, or rotate all that are missing together.");
        var secrets = gateways.Select(g => (Gateway: g, Secret: GatewaySecret.Generate())).ToList();
        await services.GetRequiredService<RegistryEditor>().SetSecretsAsync([.. secrets.Select(s => (s.Gateway, (byte[]?)GatewaySecret.Hash(s.Secret)))], ct);
        mosquitto.Set(secrets);
        if (revoked.Count > 0) await Console.Error.WriteLineAsync($"Left out, because revoked: {Named(revoked)}. 'gateway create' with a name lets it in again.");
        if (json) Console.WriteLine(JsonSerializer.Serialize(secrets.Select(s => new { gateway = s.Gateway.Value, secret = s.Secret })));
        else
        {
            foreach (var (gateway, secret) in secrets) Console.WriteLine($"{gateway}  {secret}");
            await Console.Error.WriteLineAsync($"{Counted.Of(secrets.Count, "secret")}, shown once; 'gateway rotate' makes another. A running server knows them within 2 s; copy mosquitto/passwd and acl to Mosquitto and tell it with SIGHUP.");
        }

        return 0;
    }, ct);

    private static Task<int> RevokeAsync(string[] names, bool json, CancellationToken ct) => Offline.RunAsync(async (services, options) =>
    {
        var held = (await services.GetRequiredService<IRegistry>().ReadAsync(ct)).Gateways;
        var gateways = NamesOf(names, held);
        MosquittoFiles mosquitto = new(options);
        var missing = mosquitto.Missing(held.Where(g => g.SecretHash is not null).Select(g => g.Name));
        await services.GetRequiredService<RegistryEditor>().SetSecretsAsync([.. gateways.Select(g => (g, (byte[]?)null))], ct);
        if (missing.Count == 0) mosquitto.Remove(gateways);
        else await Console.Error.WriteLineAsync($"mosquitto/passwd of this node lacks {Named(missing)}, and was left as it is: Mosquitto lets revoked gateways in until this is run where gateways are created.");
        Console.WriteLine(json
            ? JsonSerializer.Serialize(gateways.Select(g => new { gateway = g.Value, revoked = true }))
            : $"{Counted.Of(gateways.Count, "gateway")} may no longer connect.");
        return 0;
    }, ct);

    private static string Named(IReadOnlyCollection<GatewayName> gateways) => string.Join(", ", gateways.Take(10)) + (gateways.Count > 10 ? ", …" : "");

    // A mistyped option would pass for a name, and a mistyped name for a gateway: both must be in the registry.
    private static List<GatewayName> NamesOf(string[] names, IReadOnlyList<GatewayCredential> held)
    {
        if (names.Length == 0) throw new UsageException("Which gateways? Name them; 'gateway create --all' takes every one without a secret.");
        var known = held.Select(g => g.Name).ToHashSet();
        return [.. names.Select(n => GatewayName.TryParse(n, out var name) && known.Contains(name)
            ? name
            : throw new UsageException($"The registry has no gateway '{n}'; 'registry import' brings gateways.")).Distinct()];
    }
}
