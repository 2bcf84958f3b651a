using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

/// <summary>French and English. What the reader chose wins over what the browser asks for; else it is English.</summary>
internal static class Languages
{
    public const string Cookie = "grid-language";

    public static readonly IReadOnlyList<string> All = ["fr", "en"];

    private static readonly CultureInfo[] Cultures = [CultureInfo.GetCultureInfo("en-GB"), CultureInfo.GetCultureInfo("fr-FR")];

    public static string Current => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    public static void Configure(RequestLocalizationOptions options)
    {
        options.DefaultRequestCulture = new(Cultures[0]);
        options.SupportedCultures = options.SupportedUICultures = Cultures;
        options.RequestCultureProviders = [new CustomRequestCultureProvider(http => Task.FromResult(Determine(http.Request)))];
    }

    public static void MapLanguage(this IEndpointRouteBuilder app) =>
        app.MapGet("/language/{language}", Choose).AllowAnonymous().ExcludeFromDescription();

    internal static string? Pick(string? chosen, IEnumerable<string> accepted) =>
        accepted.Prepend(chosen).Select(tag => tag?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(tag => tag is not null && All.Contains(tag, StringComparer.Ordinal));

    private static ProviderCultureResult? Determine(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptLanguage
            .Where(l => l.Quality is null or > 0).OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString());
        return Pick(request.Cookies[Cookie], accepted) is { } language ? new(language is "fr" ? "fr-FR" : "en-GB") : null;
    }

    private static Results<RedirectHttpResult, NotFound> Choose(string language, string? back, HttpContext http)
    {
        if (!All.Contains(language, StringComparer.Ordinal)) return TypedResults.NotFound();
        http.Response.Cookies.Append(Cookie, language, new()
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(365),
            SameSite = SameSiteMode.Lax,
            Secure = http.Request.IsHttps,
        });
        return TypedResults.LocalRedirect(Addresses.LocalOr(back, "/"));
    }
}
