using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Grid.Analytics;
using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

/// <param name="Homes">Rounded down to a multiple of 5; null where the sum is hidden.</param>
/// <param name="Verdict">As of a home: <c>saved</c>, <c>no-detectable-change</c>, <c>used-more</c>, <c>not-enough-data</c>.</param>
/// <param name="Hidden">Why there are no figures: <c>too-few-homes</c>, <c>one-home-dominates</c>, <c>could-be-subtracted</c>.</param>
internal sealed record NeighbourhoodSavingsAnswer(string Month, int? Homes, double? ExpectedKwh, double? SavedKwh, double? BandKwh, string Verdict, string? Hidden);

internal static class NeighbourhoodSavingsEndpoint
{
    public static void MapNeighbourhoodSavings(this IEndpointRouteBuilder api) => api.MapGet("/neighbourhood/savings", Get)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Operators")
        .WithSummary("What all homes with an estimate saved together in a month, with its 90 % band, or why it is hidden")
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesRefusals();

    private static async Task<Results<Ok<NeighbourhoodSavingsAnswer>, ValidationProblem, ProblemHttpResult>> Get(
        [Required, Description("A month, such as 2026-10.")] string? month, HttpRequest request, IResults results, CancellationToken ct)
    {
        Parameters parameters = new(request.Query);
        var asked = parameters.Month("month", month);
        if (!parameters.AreGood) return parameters.Problem();
        if (await results.FindAsync(NeighbourhoodSavings.Key(asked), version: null, ct) is not { } stored)
            return TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"There are no savings of {month}: the month is not over, or no home had a baseline then.");
        var sum = NeighbourhoodSavings.FromJson(stored.Json);
        return TypedResults.Ok(new NeighbourhoodSavingsAnswer(
            sum.Month, sum.Hidden is null ? sum.Homes : null, sum.ExpectedKwh, sum.SavedKwh, sum.BandKwh, sum.Verdict.Name(), sum.Hidden?.Name()));
    }
}
