using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class ConsumptionEndpoint
{
    public static void MapConsumption(this IEndpointRouteBuilder api)
    {
        var households = api.MapGroup("/households").RequireAuthorization(Roles.Resident).WithTags("Households").ProducesRefusals();
        households.MapGet("", GetHouseholds).WithSummary("The signed-in account's households");
        households.MapGet("/{id}/consumption", GetConsumption)
            .WithSummary("A household's energy, one value an interval")
            .WithDescription($"At most {ConsumptionQuery.MaxFineDays} days of slots or hours, {ConsumptionQuery.MaxYears} years of days, months or years.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<HouseholdAnswer[]>> GetHouseholds(ClaimsPrincipal user, HouseholdAccess access, CancellationToken ct) =>
        TypedResults.Ok((await access.OfAsync(user, ct)).Select(HouseholdAnswer.Of).ToArray());

    private static async Task<Results<Ok<ConsumptionAnswer>, ValidationProblem, ProblemHttpResult>> GetConsumption(
        string id,
        [Required, Description("First local day, such as 2026-11-01.")] string? from,
        [Required, Description("Day after the last, such as 2026-12-01.")] string? to,
        [Required, Description("slot (half an hour), hour, day, month or year.")] string? granularity,
        HttpRequest request,
        ClaimsPrincipal user,
        HouseholdAccess access,
        NeighbourhoodClock clock,
        CancellationToken ct)
    {
        Parameters parameters = new(request.Query);
        if (ConsumptionQuery.Read(parameters, from, to, granularity) is not { } query) return parameters.Problem();
        var household = await access.FindAsync(user, id, ct);
        if (household?.Visible(query.From, query.To) is null) return Api.NoSuchHousehold(id);
        var days = await household.DaysAsync(query.From, query.To, ct);
        return TypedResults.Ok(ConsumptionAnswer.Of(household.Id, query, days, clock.Calendar));
    }
}
