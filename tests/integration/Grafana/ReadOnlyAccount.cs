using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Grid.IntegrationTests.Servers;

namespace Grid.IntegrationTests.Grafana;

/// <summary>The account that grafana/README.md makes, on a database of the tests.</summary>
internal sealed class ReadOnlyAccount : IAsyncDisposable
{
    private readonly RealInflux _influx;
    private readonly HttpClient _http;
    private readonly string _user = $"grafana_{Guid.NewGuid():N}";

    private ReadOnlyAccount(RealInflux influx)
    {
        _influx = influx;
        _http = new() { BaseAddress = influx.Url };
    }

    public static async Task<ReadOnlyAccount> CreateAsync(RealInflux influx)
    {
        var account = new ReadOnlyAccount(influx);
        var password = Guid.NewGuid().ToString("N");
        account._http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account._user}:{password}")));
        foreach (var statement in StatementsOfTheReadme())
        {
            using var done = await influx.QueryAsync(statement
                .Replace("\"grafana\"", $"\"{account._user}\"", StringComparison.Ordinal)
                .Replace("\"grid\"", $"\"{influx.Database}\"", StringComparison.Ordinal)
                .Replace("a password of your own", password, StringComparison.Ordinal));
        }

        return account;
    }

    /// <summary>The rows of an answer's series, without those that are null throughout; stamps in milliseconds.</summary>
    /// <exception cref="InvalidOperationException">InfluxDB refused, in its own words.</exception>
    public async Task<IReadOnlyList<JsonElement[]>> RowsAsync(string statement, CancellationToken ct)
    {
        using var response = await _http.GetAsync(new Uri($"/query?db={_influx.Database}&epoch=ms&q={Uri.EscapeDataString(statement)}", UriKind.Relative), ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(text);
        using var answer = JsonDocument.Parse(text);
        var result = answer.RootElement.GetProperty("results")[0];
        if (result.TryGetProperty("error", out var error)) throw new InvalidOperationException(error.GetString());
        if (!result.TryGetProperty("series", out var series)) return [];
        return
        [
            .. series.EnumerateArray().SelectMany(one => one.GetProperty("values").EnumerateArray())
                .Select(row => row.EnumerateArray().Select(cell => cell.Clone()).ToArray())
                .Where(row => row.Skip(1).Any(cell => cell.ValueKind is not JsonValueKind.Null)),
        ];
    }

    public async Task<HttpStatusCode> WriteAsync(string line, CancellationToken ct)
    {
        using var body = new StringContent(line);
        using var response = await _http.PostAsync(new Uri($"/write?db={_influx.Database}&precision=ms", UriKind.Relative), body, ct);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        using var dropped = await _influx.QueryAsync($"DROP USER \"{_user}\"");
        _http.Dispose();
    }

    private static IEnumerable<string> StatementsOfTheReadme() => File.ReadLines(Path.Combine(Checkout.Root, "grafana", "README.md"))
        .SkipWhile(line => line is not "```sql").Skip(1).TakeWhile(line => line is not "```");
}
