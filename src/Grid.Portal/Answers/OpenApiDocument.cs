using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Grid.Portal;

internal static class OpenApiDocument
{
    public static IServiceCollection AddGridOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) is true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Grid", Version = "v1", Description = Text };
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["session"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Cookie,
                    Name = "__Host-" + GridCookies.Session,
                    Description = $"From POST /api/v1/session. Over http on loopback the cookie is named {GridCookies.Session}.",
                },
            };
            document.Security = [new() { [new OpenApiSecuritySchemeReference("session", document)] = [] }];
            return Task.CompletedTask;
        });
    });

    private const string Text =
        "Energy of a neighbourhood. Energies are whole watt-hours, null where they are unknown. Days and months are local to the "
        + "neighbourhood; an interval includes its start and leaves out its end. Every error is a problem detail (RFC 9457).";
}
