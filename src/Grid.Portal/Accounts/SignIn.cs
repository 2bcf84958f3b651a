using Microsoft.AspNetCore.Identity;

namespace Grid.Portal;

/// <summary>
/// Signs an account in, or does not, without telling which accounts exist or are locked: every refusal costs one password
/// hash and is answered at the same time after it was asked.
/// </summary>
internal sealed class SignIn(
    UserManager<IdentityUser<Guid>> users, SignInManager<IdentityUser<Guid>> signIn, IPasswordHasher<IdentityUser<Guid>> hasher, TimeProvider time)
{
    public static readonly TimeSpan RefusalTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Longer ones are refused before they are hashed.</summary>
    public const int MaxLength = 256;

    private static readonly IdentityUser<Guid> Nobody = new();

    private static string? nobodysHash;

    public async Task<bool> TryAsync(string? email, string? password, CancellationToken ct)
    {
        var asked = time.GetTimestamp();
        if (email is { Length: > 0 and <= MaxLength } && password is { Length: > 0 and <= MaxLength } && await AccountOf(email, password) is { } account)
        {
            await signIn.SignInAsync(account, isPersistent: false);
            return true;
        }

        var left = RefusalTime - time.GetElapsedTime(asked);
        if (left > TimeSpan.Zero) await Task.Delay(left, time, ct);
        return false;
    }

    private async Task<IdentityUser<Guid>?> AccountOf(string email, string password)
    {
        var account = await users.FindByEmailAsync(email);
        if (account is null || await users.IsLockedOutAsync(account))
        {
            nobodysHash ??= hasher.HashPassword(Nobody, Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(Nobody, nobodysHash, password);
            return null;
        }

        var result = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        return result.Succeeded ? account : null;
    }
}
