using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class GapsEndpoint
{
    private static readonly Dictionary<string, bool> YesOrNo = new(StringComparer.Ordinal) { ["true"] = true, ["false"] = false };

    public static void MapGaps(this IEndpointRouteBuilder api) => api.MapGet("/gaps", Get)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Operators")
        .WithSummary("Message numbers that did not come, in the order in which they were missed, one JSON object a line")
        .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
        .ProducesValidationProblem()
        .ProducesRefusals();

    private static Results<JsonStream<Gap>, ValidationProblem> Get(
        [Required, Description("First UTC instant at which a gap was noticed, such as 2026-11-24T13:20:00Z.")] string? from,
        [Required, Description("UTC instant after the last, at most 400 days later.")] string? to,
        [Description("true: only those that are still missing; false: only those that were filled or given up. Default: all.")] string? open,
        HttpRequest request,
        IGatewayReports reports,
        CancellationToken ct)
    {
        Parameters parameters = new(request.Query);
        var (start, end) = (parameters.Instant("from", from), parameters.Instant("to", to));
        var only = open is null ? null : parameters.OneOf("open", open, YesOrNo);
        parameters.Span(start, end, start + ReadingsEndpoint.MaxSpan, "400 days");
        if (!parameters.AreGood) return parameters.Problem();
        var gaps = reports.GapsAsync(start, end, openOnly: only is true, ct);
        return new JsonStream<Gap>(only is false ? gaps.Where(g => g.End is not null) : gaps, OperatorJson.Write, asLines: true);
    }
}
