using Microsoft.AspNetCore.Identity;

namespace Grid.UnitTests.Portal;

/// <summary>Accounts and their roles, held in memory.</summary>
public sealed class FakeAccounts : IUserPasswordStore<IdentityUser<Guid>>, IUserEmailStore<IdentityUser<Guid>>, IUserRoleStore<IdentityUser<Guid>>,
    IUserLockoutStore<IdentityUser<Guid>>, IUserSecurityStampStore<IdentityUser<Guid>>, IRoleStore<IdentityRole<Guid>>
{
    private readonly Dictionary<Guid, IdentityUser<Guid>> _users = [];
    private readonly List<(Guid User, string Role)> _roles = [];

    public void Dispose()
    {
    }

    public Task<IdentityResult> CreateAsync(IdentityUser<Guid> user, CancellationToken cancellationToken)
    {
        _users.Add(user.Id = Guid.NewGuid(), user);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<IdentityResult> UpdateAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(IdentityResult.Success);

    public Task<IdentityUser<Guid>?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(_users.GetValueOrDefault(Guid.Parse(userId)));

    public Task<IdentityUser<Guid>?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Task.FromResult(_users.Values.FirstOrDefault(u => string.Equals(u.NormalizedUserName, normalizedUserName, StringComparison.Ordinal)));

    public Task<IdentityUser<Guid>?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        Task.FromResult(_users.Values.FirstOrDefault(u => string.Equals(u.NormalizedEmail, normalizedEmail, StringComparison.Ordinal)));

    public Task<string> GetUserIdAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task<string?> GetNormalizedUserNameAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);

    public Task<string?> GetEmailAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.Email);

    public Task<string?> GetNormalizedEmailAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedEmail);

    public Task<bool> GetEmailConfirmedAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<string?> GetPasswordHashAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    public Task<int> GetAccessFailedCountAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnabled);

    public Task<int> IncrementAccessFailedCountAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Task.FromResult(++user.AccessFailedCount);

    public Task SetUserNameAsync(IdentityUser<Guid> user, string? userName, CancellationToken cancellationToken) => Do(() => user.UserName = userName);

    public Task SetNormalizedUserNameAsync(IdentityUser<Guid> user, string? normalizedName, CancellationToken cancellationToken) => Do(() => user.NormalizedUserName = normalizedName);

    public Task SetEmailAsync(IdentityUser<Guid> user, string? email, CancellationToken cancellationToken) => Do(() => user.Email = email);

    public Task SetNormalizedEmailAsync(IdentityUser<Guid> user, string? normalizedEmail, CancellationToken cancellationToken) => Do(() => user.NormalizedEmail = normalizedEmail);

    public Task SetEmailConfirmedAsync(IdentityUser<Guid> user, bool confirmed, CancellationToken cancellationToken) => Do(() => user.EmailConfirmed = confirmed);

    public Task SetPasswordHashAsync(IdentityUser<Guid> user, string? passwordHash, CancellationToken cancellationToken) => Do(() => user.PasswordHash = passwordHash);

    public Task SetSecurityStampAsync(IdentityUser<Guid> user, string stamp, CancellationToken cancellationToken) => Do(() => user.SecurityStamp = stamp);

    public Task SetLockoutEndDateAsync(IdentityUser<Guid> user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Do(() => user.LockoutEnd = lockoutEnd);

    public Task SetLockoutEnabledAsync(IdentityUser<Guid> user, bool enabled, CancellationToken cancellationToken) => Do(() => user.LockoutEnabled = enabled);

    public Task ResetAccessFailedCountAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => Do(() => user.AccessFailedCount = 0);

    public Task AddToRoleAsync(IdentityUser<Guid> user, string roleName, CancellationToken cancellationToken) => Do(() => _roles.Add((user.Id, roleName)));

    // The manager hands names over in upper case; those of the product are lower case.
    public Task<IList<string>> GetRolesAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<string>>([.. _roles.Where(r => r.User == user.Id).Select(r => r.Role.ToLowerInvariant())]);

    public Task<bool> IsInRoleAsync(IdentityUser<Guid> user, string roleName, CancellationToken cancellationToken) => Task.FromResult(_roles.Contains((user.Id, roleName)));

    Task<IdentityRole<Guid>?> IRoleStore<IdentityRole<Guid>>.FindByIdAsync(string roleId, CancellationToken cancellationToken) => Task.FromResult<IdentityRole<Guid>?>(null);

    Task<IdentityRole<Guid>?> IRoleStore<IdentityRole<Guid>>.FindByNameAsync(string normalizedRoleName, CancellationToken cancellationToken) => Task.FromResult<IdentityRole<Guid>?>(null);

    public Task<IdentityResult> DeleteAsync(IdentityUser<Guid> user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveFromRoleAsync(IdentityUser<Guid> user, string roleName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IList<IdentityUser<Guid>>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(IdentityRole<Guid> role, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(IdentityRole<Guid> role, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(IdentityRole<Guid> role, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetRoleIdAsync(IdentityRole<Guid> role, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetRoleNameAsync(IdentityRole<Guid> role, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetRoleNameAsync(IdentityRole<Guid> role, string? roleName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedRoleNameAsync(IdentityRole<Guid> role, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedRoleNameAsync(IdentityRole<Guid> role, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static Task Do(Action change)
    {
        change();
        return Task.CompletedTask;
    }
}
