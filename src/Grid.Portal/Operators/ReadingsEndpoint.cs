using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class ReadingsEndpoint
{
    /// <summary>A year and what a caller may want around it.</summary>
    public static readonly Duration MaxSpan = Duration.FromDays(400);

    public static void MapReadings(this IEndpointRouteBuilder api) => api.MapGet("/readings", Get)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Operators")
        .WithSummary("A meter's readings as stored, one JSON object a line")
        .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
        .ProducesValidationProblem()
        .ProducesRefusals()
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<JsonStream<Reading>, ValidationProblem, ProblemHttpResult>> Get(
        [Required, Description("The meter's name, such as issy-0042.")] string? meter,
        [Required, Description("First UTC instant, such as 2026-11-24T13:20:00Z.")] string? from,
        [Required, Description("UTC instant after the last, at most 400 days later.")] string? to,
        HttpRequest request,
        CurrentRegistry registry,
        IReadingStore store,
        IAccesses accesses,
        CancellationToken ct)
    {
        Parameters parameters = new(request.Query);
        var name = parameters.Meter("meter", meter);
        var (start, end) = (parameters.Instant("from", from), parameters.Instant("to", to));
        parameters.Span(start, end, start + MaxSpan, "400 days");
        if (!parameters.AreGood) return parameters.Problem();
        // An empty answer would look like a silent meter where there is only a slip of the pen.
        if (registry.Snapshot.InstallsOf(name).Count == 0)
            return TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"'meter' names no meter of the registry: there is no '{name}'.");
        await accesses.AddAsync(request.HttpContext.User.Account(), "readings", name, new(start, end), ct);
        return new JsonStream<Reading>(store.ReadAsync(name, start, end, ct), OperatorJson.Write, asLines: true);
    }
}
