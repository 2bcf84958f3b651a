using System.Security.Claims;
using Grid.Analytics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class ForecastEndpoint
{
    public static void MapForecast(this IEndpointRouteBuilder api) =>
        api.MapGroup("/households/{id}/forecast").RequireAuthorization(Roles.Resident).WithTags("Forecast").ProducesRefusals()
            .MapGet("", GetForecast)
            .WithSummary("What is expected of tomorrow, half-hour by half-hour, and how far such forecasts were off")
            .Produces<NextDay>()
            .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> GetForecast(string id, ClaimsPrincipal user, HouseholdAccess access, NeighbourhoodClock clock, CancellationToken ct)
    {
        if (await access.FindAsync(user, id, ct) is not { } household) return Api.NoSuchHousehold(id);
        return await household.NextDayAsync(clock.Today.PlusDays(1), ct) is { } forecast
            ? TypedResults.Bytes(forecast.ToJson(), "application/json")
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: "There is no forecast for tomorrow: it needs two weeks of complete days that you lived there.");
    }
}
