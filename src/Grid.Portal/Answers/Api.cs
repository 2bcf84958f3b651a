using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grid.Portal;

internal static class Api
{
    /// <summary>True for the addresses that answer programs: with problem details, never with a page.</summary>
    public static bool Owns(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase);

    /// <summary>For the OpenAPI document: what an address for one kind of account answers to all others.</summary>
    public static TBuilder ProducesRefusals<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);

    /// <summary>What a program can do about a refusal; null where the status says all.</summary>
    public static string? DetailOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "Sign in first, by POST /api/v1/session.",
        StatusCodes.Status403Forbidden when PolicyOf(context) is { } kind => $"This address is for accounts of the kind '{kind}'.",
        _ => null,
    };

    /// <summary>The same words whether the household exists and is another's, or does not.</summary>
    public static ProblemHttpResult NoSuchHousehold(string id) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status404NotFound,
            detail: $"There is no household '{id}' that this account may see, or not in that time.");

    // Policies are named by the role that they ask for.
    private static string? PolicyOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
}
