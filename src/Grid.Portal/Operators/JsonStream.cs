using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Grid.Portal;

/// <summary>
/// Sends items as they come, a flush every 32 KiB, so that no answer is held in memory. A failure on the way cuts the
/// connection: the reader sees a broken answer, never a short one that looks whole.
/// </summary>
internal sealed class JsonStream<T>(IAsyncEnumerable<T> items, Action<Utf8JsonWriter, T> write, bool asLines) : IResult, IContentTypeHttpResult
{
    private const int FlushBytes = 32 * 1024;

    public string ContentType => asLines ? "application/x-ndjson" : "application/json";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = ContentType;
        var (body, ct) = (httpContext.Response.BodyWriter, httpContext.RequestAborted);
        await using Utf8JsonWriter json = new(body, new() { SkipValidation = true });
        var first = true;
        if (!asLines) body.Write("["u8);
        await foreach (var item in items.WithCancellation(ct))
        {
            if (!first && !asLines) body.Write(","u8);
            first = false;
            write(json, item);
            await json.FlushAsync(ct); // into the pipe's buffer: nothing is sent yet
            json.Reset();
            if (asLines) body.Write("\n"u8);
            if (body.UnflushedBytes > FlushBytes) await body.FlushAsync(ct);
        }

        if (!asLines) body.Write("]"u8);
        await body.FlushAsync(ct);
    }
}

file static class Bytes
{
    public static void Write(this PipeWriter body, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(body.GetSpan(bytes.Length));
        body.Advance(bytes.Length);
    }
}
