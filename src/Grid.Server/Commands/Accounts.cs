using Grid.Domain;
using Grid.Portal;
using Grid.Storage;
using Microsoft.AspNetCore.Identity;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>Makes accounts with generated passwords, which are shown once.</summary>
internal sealed class Accounts(IServiceProvider services)
{
    public static readonly string[] RoleNames = [Roles.Resident, Roles.Operator];

    /// <returns>The password.</returns>
    /// <exception cref="UsageException">The account exists, the address is none, or there is no such household.</exception>
    public async Task<string> CreateAsync(string email, string role, (HouseholdId Household, LocalDate From)? tenancy, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser<Guid>>>();
        if (await users.FindByEmailAsync(email) is not null) throw new UsageException($"There is an account {email} already; 'user reset' gives it a new password.");
        var password = Passwords.Generate();
        var user = new IdentityUser<Guid> { UserName = email, Email = email, EmailConfirmed = true };
        Require(await users.CreateAsync(user, password));
        Require(await users.AddToRoleAsync(user, role));
        if (tenancy is var (household, from) && !await scope.ServiceProvider.GetRequiredService<RegistryEditor>().MoveInAsync(user.Id, household, from, ct))
        {
            await users.DeleteAsync(user);
            throw new UsageException($"There is no household {household}; import the registry first.");
        }

        return password;
    }

    /// <returns>The new password; the old one and its sessions end.</returns>
    public async Task<string> ResetAsync(string email)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser<Guid>>>();
        var user = await users.FindByEmailAsync(email) ?? throw new UsageException($"There is no account {email}; 'user create' makes one.");
        var password = Passwords.Generate();
        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        Require(await users.SetLockoutEndDateAsync(user, null));
        Require(await users.UpdateSecurityStampAsync(user));
        return password;
    }

    /// <summary>The account sees nothing of the household from this day on.</summary>
    /// <exception cref="UsageException">There is no such account, or it does not live there.</exception>
    public async Task MoveOutAsync(string email, HouseholdId household, LocalDate to, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser<Guid>>>().FindByEmailAsync(email) ?? throw new UsageException($"There is no account {email}.");
        if (await scope.ServiceProvider.GetRequiredService<RegistryEditor>().MoveOutAsync(user.Id, household, to, ct)) return;
        var tenancy = await scope.ServiceProvider.GetRequiredService<ITenancies>().FindAsync(user.Id, household, ct);
        throw new UsageException(tenancy switch
        {
            null => $"{email} has nothing to do with household {household}.",
            { To: { } end } => $"{email} moved out of {household} already: it sees no day from {LocalDatePattern.Iso.Format(end)} on.",
            _ => $"{email} sees {household} from {LocalDatePattern.Iso.Format(tenancy.From)} on, which is not before --on.",
        });
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw new UsageException(string.Join(' ', result.Errors.Select(e => e.Description)));
    }
}
