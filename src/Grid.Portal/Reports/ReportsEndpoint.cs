using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Grid.Analytics;
using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using NodaTime.Text;

namespace Grid.Portal;

internal static class ReportsEndpoint
{
    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var reports = api.MapGroup("/households/{id}/reports").RequireAuthorization(Roles.Resident).WithTags("Reports").ProducesRefusals();
        reports.MapGet("", GetMonths).WithSummary("The months that have a report, newest first").ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/{month}", GetReport)
            .WithSummary("A month's report, in the newest version or another")
            .Produces<MonthlyReport>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
        reports.MapGet("/{month}/versions", GetVersions)
            .WithSummary("The versions of a month's report, oldest first, each with what it changed")
            .Produces<ReportVersion[]>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<string[]>, ProblemHttpResult>> GetMonths(
        string id, ClaimsPrincipal user, HouseholdAccess access, CancellationToken ct) =>
        await access.FindAsync(user, id, ct) is { } household
            ? TypedResults.Ok((await household.ReportMonthsAsync(ct)).Select(m => m.ToString("uuuu-MM", CultureInfo.InvariantCulture)).ToArray())
            : Api.NoSuchHousehold(id);

    private static async Task<IResult> GetReport(string id, string month, int? version, ClaimsPrincipal user, HouseholdAccess access, CancellationToken ct)
    {
        Parameters parameters = new();
        var asked = parameters.Month("month", month);
        if (!parameters.AreGood) return parameters.Problem();
        if (await access.FindAsync(user, id, ct) is not { } household) return Api.NoSuchHousehold(id);
        return await household.ReportAsync(asked, ct, version) is { } report
            ? TypedResults.Bytes(report.Json, "application/json")
            : NoReport(version is { } one ? FormattableString.Invariant($"There is no report for {month} of version {one}.") : $"There is no report for {month}.");
    }

    private static async Task<IResult> GetVersions(string id, string month, ClaimsPrincipal user, HouseholdAccess access, CancellationToken ct)
    {
        Parameters parameters = new();
        var asked = parameters.Month("month", month);
        if (!parameters.AreGood) return parameters.Problem();
        if (await access.FindAsync(user, id, ct) is not { } household) return Api.NoSuchHousehold(id);
        var versions = await household.ReportVersionsAsync(asked, ct);
        if (versions.Count == 0) return NoReport($"There is no report for {month}.");
        // Between what the account may see of both, not between what is stored.
        return TypedResults.Ok(versions.Select((v, i) => new ReportVersion(
            v.Version, InstantPattern.General.Format(v.CreatedAt), i == 0 ? null : JsonNode.Parse(JsonChanges.Between(versions[i - 1].Json, v.Json)))).ToArray());
    }

    private static ProblemHttpResult NoReport(string detail) => TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: detail);
}

/// <param name="CreatedAt">UTC, <c>2026-11-02T01:00:00Z</c>.</param>
/// <param name="Changes">Against the version before: <c>[{"path":"energy.importWh","from":…,"to":…}]</c>; null for the first.</param>
internal sealed record ReportVersion(int Version, string CreatedAt, JsonNode? Changes);
