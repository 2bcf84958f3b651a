using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Grid.IntegrationTests.Servers;

/// <summary>A database of its own on the InfluxDB of tests/run, dropped in the end. Skips the test where there is none.</summary>
public sealed class RealInflux : IAsyncDisposable
{
    private readonly HttpClient http = new();

    private RealInflux(Uri url, string user, string password)
    {
        (Url, User, Password) = (url, user, password);
        http.BaseAddress = url;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    public Uri Url { get; }

    public string User { get; }

    public string Password { get; }

    public string Database { get; } = $"grid_{Guid.NewGuid():N}";

    public static async Task<RealInflux> StartAsync()
    {
        var influx = new RealInflux(
            new Uri(Setting.OrSkip("GRID_TEST_INFLUX_URL", "InfluxDB")),
            Setting.OrSkip("GRID_TEST_INFLUX_USER", "InfluxDB"),
            Setting.OrSkip("GRID_TEST_INFLUX_PASSWORD", "InfluxDB"));
        // Wide shards: tests write years, and a shard a week would cost more than their data.
        using var created = await influx.QueryAsync($"CREATE DATABASE \"{influx.Database}\" WITH DURATION INF SHARD DURATION 52w");
        return influx;
    }

    /// <summary>Runs a statement on this database, times in epoch milliseconds; a refused one throws.</summary>
    public async Task<JsonDocument> QueryAsync(string influxQl)
    {
        using var form = new FormUrlEncodedContent([new("db", Database), new("epoch", "ms"), new("q", influxQl)]);
        using var response = await http.PostAsync(new Uri("/query", UriKind.Relative), form);
        return await AnswerAsync(response);
    }

    /// <summary>Writes lines of the line protocol, times in milliseconds.</summary>
    public async Task WriteAsync(string lines)
    {
        using var body = new StringContent(lines);
        using var response = await http.PostAsync(new Uri($"/write?db={Database}&precision=ms", UriKind.Relative), body);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        using (await QueryAsync($"DROP DATABASE \"{Database}\"")) http.Dispose();
    }

    /// <summary>InfluxDB reports a fault as a status, or inside a 200.</summary>
    private static async Task<JsonDocument> AnswerAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"InfluxDB answered {(int)response.StatusCode}: {text}");

        var answer = JsonDocument.Parse(text);
        var faulty = answer.RootElement.GetProperty("results").EnumerateArray().Any(result => result.TryGetProperty("error", out _));
        if (!faulty) return answer;

        answer.Dispose();
        throw new InvalidOperationException($"InfluxDB refused: {text}");
    }
}
