using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Grid.Storage;

/// <summary>
/// The two InfluxDB endpoints that 1.x, 2.x and 3 Core all speak: <c>/write</c> and <c>/query</c>. One call, one request;
/// who calls decides what to try again.
/// </summary>
public sealed class InfluxClient(HttpClient http, StoreOptions options)
{
    /// <summary>Of a query, in a body that came with 200.</summary>
    private static readonly string[] Overloads = ["timeout", "limit exceeded", "interrupted"];

    private readonly string _database = Uri.EscapeDataString(options.Database);

    public async Task WriteAsync(ReadOnlyMemory<byte> lines, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, $"write?db={_database}&precision=ms");
        request.Content = new ReadOnlyMemoryContent(lines);
        using var response = await http.SendAsync(request, ct);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.OK)) throw await FailureAsync(response, ct);
    }

    /// <summary>Runs statements; each answers its series in order. Stamps are milliseconds.</summary>
    /// <exception cref="InfluxException">InfluxDB refused a statement, or the request.</exception>
    /// <exception cref="HttpRequestException">It is not there, or too busy.</exception>
    public Task<IReadOnlyList<IReadOnlyList<InfluxSeries>>> QueryAsync(string statements, CancellationToken ct) => RunAsync(HttpMethod.Get, statements, ct);

    /// <summary>Runs statements that change something.</summary>
    /// <inheritdoc cref="QueryAsync"/>
    public Task ChangeAsync(string statements, CancellationToken ct) => RunAsync(HttpMethod.Post, statements, ct);

    private async Task<IReadOnlyList<IReadOnlyList<InfluxSeries>>> RunAsync(HttpMethod method, string statements, CancellationToken ct)
    {
        using var request = Request(method, $"query?db={_database}&epoch=ms&q={Uri.EscapeDataString(statements)}");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode) throw OfQuery(await FailureAsync(response, ct));
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
        return [.. json.RootElement.GetProperty("results").EnumerateArray().Select(SeriesOf)];
    }

    private static IReadOnlyList<InfluxSeries> SeriesOf(JsonElement result)
    {
        // 200 may still carry an error in its body.
        if (result.TryGetProperty("error", out var error)) throw OfQuery(new(HttpStatusCode.BadRequest, error.GetString() ?? ""));
        return result.TryGetProperty("series", out var series) ? [.. series.EnumerateArray().Select(InfluxSeries.Of)] : [];
    }

    private static Exception OfQuery(InfluxException failure) =>
        failure.Status is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
        || Overloads.Any(o => failure.Body.Contains(o, StringComparison.OrdinalIgnoreCase)) ? new HttpRequestException(failure.Message, failure, failure.Status) : failure;

    private static async Task<InfluxException> FailureAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsStringAsync(ct);
        return new(response.StatusCode, body.Length > 500 ? body[..500] : body.Trim());
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(new Uri(options.Url.TrimEnd('/') + "/"), path));
        if (options.User.Length > 0)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }

        return request;
    }
}

/// <summary>One series of an answer.</summary>
public sealed record InfluxSeries(string Name, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Columns, IReadOnlyList<JsonElement[]> Values)
{
    internal static InfluxSeries Of(JsonElement series) => new(
        series.GetProperty("name").GetString()!,
        series.TryGetProperty("tags", out var tags) ? tags.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetString()!, StringComparer.Ordinal) : [],
        [.. series.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)],
        [.. series.GetProperty("values").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.Clone()).ToArray())]);
}

/// <summary>InfluxDB's own words for why it refused.</summary>
public sealed class InfluxException(HttpStatusCode status, string body)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"InfluxDB answered {(int)status}: {body}"))
{
    public HttpStatusCode Status { get; } = status;

    public string Body { get; } = body;

    /// <summary>The lines themselves are at fault: trying again is pointless. InfluxDB 1.x says 500 for a retention policy that is not there.</summary>
    public bool RefusesLines => Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity;
}
