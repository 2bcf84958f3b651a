using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grid.Portal;

internal static class Api
{
    /// <summary>True for the addresses that answer programs: with problem details, never with a page.</summary>
    public static bool Owns(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same words whether the household exists and is another's, or does not.</summary>
    public static ProblemHttpResult NoSuchHousehold(string id) =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status404NotFound,
            detail: $"There is no household '{id}' that this account may see, or not in that time.");
}
