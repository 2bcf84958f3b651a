using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Grid.Analytics;
using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

/// <summary>What everybody may know of the neighbourhood: the same for residents and operators (METHOD.md section 3).</summary>
internal static class NeighbourhoodEndpoints
{
    public const int MaxMonths = 60;

    public static void MapNeighbourhood(this IEndpointRouteBuilder api)
    {
        var neighbourhood = api.MapGroup("/neighbourhood").RequireAuthorization().WithTags("Neighbourhood").ProducesProblem(StatusCodes.Status401Unauthorized);
        neighbourhood.MapGet("/consumption", GetConsumption)
            .WithSummary("What the neighbourhood's homes and those of each building imported, one value a month")
            .WithDescription($"At most {MaxMonths} months. A figure that could give a home away is null, and 'hidden' says why: too-few-homes, one-home-dominates, could-be-subtracted; "
                + "not-yet where the month has not been told.");
        neighbourhood.MapGet("/forecast", GetForecast)
            .WithSummary("What is expected of the neighbourhood tomorrow, half-hour by half-hour")
            .WithDescription("Null where it could give a home away; 'hidden' and 'pvHidden' then say why.")
            .Produces<NextDay>()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<NeighbourhoodAnswer>, ValidationProblem>> GetConsumption(
        [Required, Description("First month, such as 2026-01.")] string? from,
        [Required, Description("Month after the last, such as 2026-04.")] string? to,
        HttpRequest request,
        IResults results,
        NeighbourhoodClock clock,
        CancellationToken ct)
    {
        Parameters parameters = new(request.Query);
        var (first, end) = (parameters.Month("from", from), parameters.Month("to", to));
        if (parameters.AreGood) parameters.Span(first, end, first.PlusMonths(MaxMonths), $"{MaxMonths} months");
        if (!parameters.AreGood) return parameters.Problem();
        List<NeighbourhoodMonth> months = [];
        for (var month = first; month < end; month = month.PlusMonths(1))
        {
            var told = await results.FindAsync(NeighbourhoodMonth.Key(month), version: null, ct);
            months.Add(told is null ? NeighbourhoodMonth.NotYet(month) : NeighbourhoodMonth.FromJson(told.Json));
        }

        return TypedResults.Ok(new NeighbourhoodAnswer(clock.Neighbourhood, clock.Calendar.Zone.Id, months));
    }

    private static async Task<IResult> GetForecast(IResults results, NeighbourhoodClock clock, CancellationToken ct) =>
        await results.FindAsync(NextDay.Key(null, clock.Today.PlusDays(1)), version: null, ct) is { } forecast
            ? TypedResults.Bytes(forecast.Json, "application/json")
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: "There is no forecast for tomorrow: it is made once yesterday is computed.");
}

internal sealed record NeighbourhoodAnswer(string Neighbourhood, string TimeZone, IReadOnlyList<NeighbourhoodMonth> Months);
