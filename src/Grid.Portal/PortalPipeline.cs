using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;

namespace Grid.Portal;

/// <summary>How the portal stands in the host's pipeline.</summary>
public static class PortalPipeline
{
    extension(WebApplication app)
    {
        /// <summary>The portal's middleware in the one order that is safe. Call it before any endpoint is mapped.</summary>
        public WebApplication UsePortal()
        {
            app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedProto }); // from loopback alone, where plain http ends; its cookies are to be secure
            app.UseMiddleware<SecurityHeaders>();
            app.UseMiddleware<HeadAsGet>();
            app.UseMiddleware<ErrorAnswers>();
            app.UseRouting();
            app.UseRequestLocalization();
            app.UseAuthentication();
            app.UseAuthorization();
            app.UseAntiforgery();
            return app;
        }

        /// <summary>Pages, API and OpenAPI document. Static assets are the host's: <c>app.MapStaticAssets().AllowAnonymous()</c>.</summary>
        public WebApplication MapPortal()
        {
            app.MapRazorComponents<App>();
            app.MapLanguage();
            app.MapSignOut();
            app.MapReportDocument();
            app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
            var api = app.MapGroup("/api/v1");
            api.MapSession();
            api.MapConsumption();
            api.MapReports();
            api.MapForecast();
            api.MapNeighbourhood();
            api.MapReadings();
            api.MapQuarantine();
            api.MapGaps();
            api.MapClockSkews();
            api.MapNeighbourhoodSavings();
            return app;
        }
    }
}
