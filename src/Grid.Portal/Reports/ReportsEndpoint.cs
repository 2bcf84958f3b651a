using System.Globalization;
using System.Security.Claims;
using Grid.Analytics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class ReportsEndpoint
{
    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/households/{id}/reports").RequireAuthorization(Roles.Resident).WithTags("Reports").ProducesRefusals();
        reports.MapGet("", GetMonths).WithSummary("The months that have a report, newest first").ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/{month}", GetReport)
            .WithSummary("A month's report, newest version")
            .Produces<MonthlyReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<string[]>, ProblemHttpResult>> GetMonths(
        string id, ClaimsPrincipal user, HouseholdAccess access, CancellationToken ct) =>
        await access.FindAsync(user, id, ct) is { } household
            ? TypedResults.Ok((await household.ReportMonthsAsync(ct)).Select(m => m.ToString("uuuu-MM", CultureInfo.InvariantCulture)).ToArray())
            : Api.NoSuchHousehold(id);

    private static async Task<IResult> GetReport(string id, string month, ClaimsPrincipal user, HouseholdAccess access, CancellationToken ct)
    {
        Parameters parameters = new();
        var asked = parameters.Month("month", month);
        if (!parameters.AreGood) return parameters.Problem();
        if (await access.FindAsync(user, id, ct) is not { } household) return Api.NoSuchHousehold(id);
        return await household.ReportAsync(asked, ct) is { } report
            ? TypedResults.Bytes(report.Json, "application/json")
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"There is no report for {month}.");
    }
}
