using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Portal;

/// <summary>
/// Gives every failure a body: problem details to programs, a page in the portal's look to people. The page is rendered in a
/// scope of its own, as a GET, so that neither a half-done request nor a refused form can spoil it.
/// </summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context, IProblemDetailsService problems, IServiceScopeFactory scopes)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            context.Response.StatusCode = e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
            if (context.Response.StatusCode == StatusCodes.Status500InternalServerError) Log.Failed(logger, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)", e);
        }

        if (!NeedsBody(context)) return;
        if (Api.Owns(context.Request))
        {
            ProblemDetails problem = new() { Status = context.Response.StatusCode, Detail = Api.DetailOf(context) };
            await problems.WriteAsync(new() { HttpContext = context, ProblemDetails = problem });
        }
        else
        {
            await Render(context, scopes);
        }
    }

    private static bool NeedsBody(HttpContext context) =>
        context.Response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null or 0 };

    private async Task Render(HttpContext context, IServiceScopeFactory scopes)
    {
        var (request, status, services) = (context.Request, context.Response.StatusCode, context.RequestServices);
        var (path, query, method) = (request.Path, request.QueryString, request.Method);
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            context.RequestServices = scope.ServiceProvider;
            context.SetEndpoint(null);
            context.Features.Get<IRouteValuesFeature>()?.RouteValues.Clear();
            // Blazor leaves a 404 without its body, for us to fill, unless this says that we do.
            context.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature { OriginalPath = path, OriginalQueryString = query.Value });
            context.Response.Headers.Remove("blazor-enhanced-nav");
            (request.Path, request.QueryString) = ($"/error/{status}", QueryString.Empty);
            request.Method = HttpMethods.Get;
            await next(context);
        }
        finally
        {
            (context.RequestServices, request.Path, request.QueryString, request.Method) = (services, path, query, method);
        }
    }

    private static partial class Log
    {
        // Not the path: it names households and meters.
        [LoggerMessage(1, LogLevel.Error, "{Method} {Route} failed.")]
        public static partial void Failed(ILogger logger, string method, string route, Exception e);
    }
}
