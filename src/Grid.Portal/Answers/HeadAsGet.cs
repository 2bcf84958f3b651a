using Microsoft.AspNetCore.Http;

namespace Grid.Portal;

/// <summary>
/// Answers HEAD for a page as GET, which alone pages are mapped for. The server knows what it was truly asked and sends no
/// body. The API's addresses are left as they are: a HEAD must not read a year of readings for nothing.
/// </summary>
internal sealed class HeadAsGet(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsHead(request.Method) || Api.Owns(request))
        {
            await next(context);
            return;
        }

        try
        {
            request.Method = HttpMethods.Get;
            await next(context);
        }
        finally
        {
            request.Method = HttpMethods.Head;
        }
    }
}
