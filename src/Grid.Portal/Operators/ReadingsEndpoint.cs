using System.ComponentModel;
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
        .ProducesValidationProblem();

    private static Results<JsonStream<Reading>, ValidationProblem> Get(
        [Description("The meter's name, such as issy-0042.")] string? meter,
        [Description("First UTC instant, such as 2026-11-24T13:20:00Z.")] string? from,
        [Description("UTC instant after the last, at most 400 days later.")] string? to,
        IReadingStore store,
        CancellationToken ct)
    {
        Parameters parameters = new();
        var name = parameters.Meter("meter", meter);
        var (start, end) = (parameters.Instant("from", from), parameters.Instant("to", to));
        parameters.Span(start, end, start + MaxSpan, "400 days");
        return parameters.AreGood
            ? new JsonStream<Reading>(store.ReadAsync(name, start, end, ct), OperatorJson.Write, asLines: true)
            : parameters.Problem();
    }
}
