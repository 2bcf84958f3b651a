using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class DocumentEndpoint
{
    public static void MapReportDocument(this IEndpointRouteBuilder app) =>
        app.MapGet("/households/{id}/reports/{month}/document.pdf", GetAsync).RequireAuthorization(Roles.Resident).ExcludeFromDescription();

    private static async Task<IResult> GetAsync(string id, string month, ClaimsPrincipal user, HouseholdAccess access, NeighbourhoodClock clock, Words words, CancellationToken ct)
    {
        Parameters parameters = new();
        var asked = parameters.Month("month", month);
        if (!parameters.AreGood || await access.FindAsync(user, id, ct) is not { } household || await household.ReportAsync(asked, ct) is not { } report) return TypedResults.NotFound();
        return TypedResults.File(ReportDocument.Draw(report, clock.Neighbourhood, clock.Calendar.DayOf(report.CreatedAt), words), "application/pdf", $"grid-{household.Id}-{month}-{Languages.Current}.pdf");
    }
}
