using System.CommandLine;
using System.Text.Json;
using Grid.Domain;
using Grid.Portal;

namespace Grid.Server;

internal static class UserCommand
{
    public static Command Create()
    {
        var email = new Argument<string>("email") { Description = "The account's e-mail address." };
        var role = new Option<string>("--role") { Description = "What the account may do.", Required = true }.AcceptOnlyFromAmong(Accounts.RoleNames);
        var household = new Option<string?>("--household") { Description = "The resident's household, as imported." };
        var from = new Option<string?>("--from") { Description = "First local day that the resident may see, such as 2026-11-24. Default: today." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var create = new Command("create", "Makes an account and prints its password, once.") { email, role, household, from, json };
        create.SetAction((parsed, ct) => CreateAsync(
            parsed.GetRequiredValue(email), parsed.GetRequiredValue(role), parsed.GetValue(household), parsed.GetValue(from), parsed.GetValue(json), ct));
        var reset = new Command("reset", "Gives an account a new password and prints it, once. Its sessions end.") { email, json };
        reset.SetAction((parsed, ct) => Offline.RunAsync(async (services, _) =>
        {
            var address = parsed.GetRequiredValue(email);
            Print(address, await new Accounts(services).ResetAsync(address), parsed.GetValue(json));
            return 0;
        }, ct));
        return new Command("user", "Accounts of residents and operators.") { create, reset };
    }

    private static async Task<int> CreateAsync(string email, string role, string? household, string? from, bool json, CancellationToken ct)
    {
        if (role is Roles.Resident != household is not null) throw new UsageException("A resident needs --household, an operator has none.");
        HouseholdId id = default;
        if (household is not null && !HouseholdId.TryParse(household, out id)) throw new UsageException($"--household: '{household}' is no household id.");
        LocalDate? day = from is null ? null : Dates.Day("--from", from);
        return await Offline.RunAsync(async (services, _) =>
        {
            var today = Dates.Today(services, (await services.GetRequiredService<IRegistry>().ReadAsync(ct)).Calendar);
            Print(email, await new Accounts(services).CreateAsync(email, role, household is null ? null : (id, day ?? today), ct), json);
            return 0;
        }, ct);
    }

    private static void Print(string email, string password, bool json) => Console.WriteLine(json
        ? JsonSerializer.Serialize(new { email, password })
        : $"{email} signs in with {password}\nThis password is shown once; 'user reset' makes another.");
}
