using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class ClockSkewsEndpoint
{
    public static void MapClockSkews(this IEndpointRouteBuilder api) => api.MapGet("/clock-skews", GetAsync)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Operators")
        .WithSummary("Gateways whose clock differs from ours, or differed the last time: the latest word on each, one JSON object a line")
        .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
        .ProducesRefusals();

    private static async Task<JsonStream<ClockSkew>> GetAsync(IGatewayReports reports, CancellationToken ct) =>
        new((await reports.SkewsAsync(ct)).ToAsyncEnumerable(), OperatorJson.Write, asLines: true);
}
