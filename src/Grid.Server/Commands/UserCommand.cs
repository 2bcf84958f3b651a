using System.CommandLine;
using System.Text.Json;
using Grid.Domain;
using Grid.Portal;
using Grid.Wire;
using NodaTime.Text;

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
        return new Command("user", "Accounts of residents and operators.") { create, reset, MoveOut(email), Accesses() };
    }

    private static Command MoveOut(Argument<string> email)
    {
        var household = new Option<string>("--household") { Description = "Where the resident lived.", Required = true };
        var on = new Option<string>("--on") { Description = "First local day that the resident may no longer see, such as 2026-11-24.", Required = true };
        var moveOut = new Command("move-out", "Ends what a resident sees of a household. The days before stay visible to them. A day that was given too late can be brought forward.") { email, household, on };
        moveOut.SetAction((parsed, ct) =>
        {
            var (name, day) = (parsed.GetRequiredValue(household), Dates.Day("--on", parsed.GetRequiredValue(on)));
            if (!HouseholdId.TryParse(name, out var id)) throw new UsageException($"--household: '{name}' is no household id.");
            return Offline.RunAsync(async (services, _) =>
            {
                await new Accounts(services).MoveOutAsync(parsed.GetRequiredValue(email), id, day, ct);
                Console.WriteLine($"{parsed.GetRequiredValue(email)} sees no day of {id} from {LocalDatePattern.Iso.Format(day)} on.");
                return 0;
            }, ct);
        });
        return moveOut;
    }

    private static Command Accesses()
    {
        var from = new Option<string>("--from") { Description = "First local day, such as 2026-11-24.", Required = true };
        var json = new Option<bool>("--json") { Description = "Print JSON, one object a line." };
        var accesses = new Command("accesses", "Prints which operator looked at the readings of which meter, or at what was refused, in the portal and its API, and when.") { from, json };
        accesses.SetAction((parsed, ct) =>
        {
            var day = Dates.Day("--from", parsed.GetRequiredValue(from));
            return Offline.RunAsync(async (services, _) =>
            {
                var calendar = (await services.GetRequiredService<IRegistry>().ReadAsync(ct)).Calendar;
                await foreach (var access in services.GetRequiredService<IAccesses>().SinceAsync(calendar.StartOf(day), ct))
                {
                    var (at, first, end) = (UtcText.Format(access.At), UtcText.Format(access.From), UtcText.Format(access.To));
                    Console.WriteLine(parsed.GetValue(json)
                        ? JsonSerializer.Serialize(new { at, account = access.Account, email = access.Email, what = access.What, meter = access.Meter?.Value, from = first, to = end })
                        : $"{at}  {access.Email ?? access.Account.ToString()}  {access.What} {access.Meter?.Value}{(access.Meter is null ? "" : " ")}from {first} to {end}");
                }

                return 0;
            }, ct);
        });
        return accesses;
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
            if (household is not null && await services.GetRequiredService<ITenancies>().CountAsync(id, day ?? today, ct) is > 1 and var all)
                await Console.Error.WriteLineAsync($"{Counted.Of(all - 1, "other account")} of {household} did not move out before that day, and the days after are seen by all. Whoever lives there no more: 'user move-out EMAIL --household {household} --on DAY'.");
            return 0;
        }, ct);
    }

    private static void Print(string email, string password, bool json) => Console.WriteLine(json
        ? JsonSerializer.Serialize(new { email, password })
        : $"{email} signs in with {password}\nThis password is shown once; 'user reset' makes another.");
}
