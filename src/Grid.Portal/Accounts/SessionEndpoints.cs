using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal sealed record SessionRequest(string? Email, string? Password);

internal static class SessionEndpoints
{
    private const string Refused = "Email and password do not fit together, or there were too many tries.";

    private const int MaxBodyBytes = 4096;

    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapPost("/session", Post).AllowAnonymous()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .WithTags("Session").WithSummary("Signs in").WithDescription("Sets the session cookie. A refusal never says whether the account exists.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapDelete("/session", (Delegate)Delete).WithTags("Session").WithSummary("Signs out")
            .ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    public static void MapSignOut(this IEndpointRouteBuilder app) => app.MapPost("/sign-out", SignOut).ExcludeFromDescription();

    public static Guid Account(this ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue(ClaimTypes.NameIdentifier)!);

    private static async Task<Results<NoContent, ProblemHttpResult>> Post(SessionRequest body, SignIn signIn, CancellationToken ct) =>
        await signIn.TryAsync(body.Email, body.Password, ct)
            ? TypedResults.NoContent()
            : TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, detail: Refused);

    private static async Task<NoContent> Delete(HttpContext http)
    {
        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.NoContent();
    }

    private static async Task<Results<RedirectHttpResult, BadRequest>> SignOut(HttpContext http, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(http)) return TypedResults.BadRequest();
        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.LocalRedirect("/sign-in");
    }
}
