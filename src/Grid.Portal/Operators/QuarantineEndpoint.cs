using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Grid.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

internal static class QuarantineEndpoint
{
    private static readonly Dictionary<string, Reason> Reasons =
        ReasonCodes.Codes.ToDictionary(c => c, c => ReasonCodes.Parse(c)!.Value, StringComparer.Ordinal);

    public static void MapQuarantine(this IEndpointRouteBuilder api) => api.MapGet("/quarantine", Get)
        .RequireAuthorization(Roles.Operator)
        .WithTags("Operators")
        .WithSummary("What was refused, in the order of its arrival")
        .Produces<QuarantineAnswerItem[]>()
        .ProducesValidationProblem()
        .ProducesRefusals();

    private static async Task<Results<JsonStream<QuarantinedItem>, ValidationProblem>> Get(
        [Required, Description("First UTC instant of arrival, such as 2026-11-24T13:20:00Z.")] string? from,
        [Required, Description("UTC instant after the last, at most 400 days later.")] string? to,
        [Description("One reason only, such as conflict. Default: all.")] string? reason,
        HttpRequest request,
        IQuarantine quarantine,
        IAccesses accesses,
        CancellationToken ct)
    {
        Parameters parameters = new(request.Query);
        var (start, end) = (parameters.Instant("from", from), parameters.Instant("to", to));
        var only = reason is null ? null : parameters.OneOf("reason", reason, Reasons);
        parameters.Span(start, end, start + ReadingsEndpoint.MaxSpan, "400 days");
        if (!parameters.AreGood) return parameters.Problem();
        await accesses.AddAsync(request.HttpContext.User.Account(), "quarantine", meter: null, new(start, end), ct);
        return new JsonStream<QuarantinedItem>(quarantine.ReadAsync(new(start, end, only), ct), OperatorJson.Write, asLines: false);
    }
}

/// <summary>What <see cref="OperatorJson"/> writes of an item, for the OpenAPI document.</summary>
internal sealed record QuarantineAnswerItem(
    DateTimeOffset ReceivedAt, string Gateway, string Topic, string? Meter, DateTimeOffset? At, string Reason, string Detail, string Sha256, byte[] Body,
    DateTimeOffset? ReplayAskedAt, DateTimeOffset? ReplayedAt, string Id);
