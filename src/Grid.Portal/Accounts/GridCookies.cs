using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace Grid.Portal;

/// <summary>
/// The session cookie's name follows the scheme: over https a browser takes <c>__Host-grid</c> from this host alone, and only
/// with Secure; over http on loopback, where Secure cookies are not set everywhere, it is plain <c>grid</c>.
/// </summary>
internal sealed class GridCookies : ICookieManager
{
    public const string Session = "grid";

    private readonly ChunkingCookieManager _cookies = new();

    public static CookieBuilder ForSession() => Build(Session, SameSiteMode.Lax);

    public static CookieBuilder ForForms() => Build("grid-form", SameSiteMode.Strict);

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _cookies.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext context, string key) => context.Request.IsHttps ? "__Host-" + key : key;

    private static CookieBuilder Build(string name, SameSiteMode sameSite) => new()
    {
        Name = name,
        HttpOnly = true,
        IsEssential = true,
        Path = "/",
        SameSite = sameSite,
        SecurePolicy = CookieSecurePolicy.SameAsRequest,
    };
}
