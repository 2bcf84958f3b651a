using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>The operators' read endpoints, as their caller sees them.</summary>
public sealed class OperatorApi(HttpClient http)
{
    private static readonly Duration LongestSpan = Duration.FromDays(399);

    /// <exception cref="OperatorApiException">The server does not answer, or does not know the account.</exception>
    public Task SignInAsync(string email, string password, CancellationToken ct) => AskAsync<object?>("api/v1/session", async path =>
    {
        using var answer = await http.PostAsJsonAsync(path, new { email, password }, ct);
        if (answer.StatusCode is HttpStatusCode.Unauthorized) throw new OperatorApiException($"{http.BaseAddress} does not know {email} with that password: create the account with 'user create {email} --role operator'.");
        answer.EnsureSuccessStatusCode();
        return null;
    }, ct);

    /// <summary>A meter's readings in time order; none for a meter that the server does not know.</summary>
    /// <exception cref="OperatorApiException">The server does not answer, or refuses.</exception>
    public async Task<IReadOnlyList<Reading>> ReadingsAsync(MeterName meter, Instant from, Instant to, CancellationToken ct)
    {
        List<Reading> readings = [];
        for (; from < to; from += LongestSpan)
        {
            var end = Instant.Min(to, from + LongestSpan);
            var path = $"api/v1/readings?meter={meter}&from={UtcText.Format(from)}&to={UtcText.Format(end)}";
            readings.AddRange(await AskAsync(path, async wanted =>
            {
                using var answer = await http.GetAsync(wanted, ct);
                if (answer.StatusCode is HttpStatusCode.NotFound) return [];
                answer.EnsureSuccessStatusCode();
                return (await answer.Content.ReadAsStringAsync(ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Reading).ToArray();
            }, ct));
        }

        return readings;
    }

    /// <exception cref="OperatorApiException">The server does not answer, or refuses.</exception>
    public Task<IReadOnlyList<QuarantinedEntry>> QuarantineAsync(Instant from, Instant to, CancellationToken ct) =>
        AskAsync<IReadOnlyList<QuarantinedEntry>>($"api/v1/quarantine?from={UtcText.Format(from)}&to={UtcText.Format(to)}", async path =>
        {
            List<QuarantinedEntry> items = [];
            using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
            answer.EnsureSuccessStatusCode();
            await foreach (var item in answer.Content.ReadFromJsonAsAsyncEnumerable<JsonElement>(ct)) items.Add(Item(item));
            return items;
        }, ct);

    private async Task<T> AskAsync<T>(string path, Func<Uri, Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask(new(path, UriKind.Relative));
        }
        catch (HttpRequestException failed)
        {
            throw new OperatorApiException($"{http.BaseAddress}{path.Split('?')[0]}: {failed.Message}. Give --url, where the server's portal is, and the account of an operator.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new OperatorApiException(FormattableString.Invariant($"{http.BaseAddress}{path.Split('?')[0]} does not answer within {http.Timeout.TotalSeconds} s: look at the server's log, and try again once it is less busy."));
        }
        catch (Exception bad) when (bad is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new OperatorApiException($"{http.BaseAddress}{path.Split('?')[0]} answers in no form of ours ({bad.Message}): is it a Grid server?");
        }
    }

    private static Reading Reading(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new(
            MeterName.Parse(root.GetProperty("meter").GetString()),
            At(root.GetProperty("at"))!.Value,
            new(
                root.GetProperty("importWh").GetInt64(),
                root.TryGetProperty("exportWh", out var export) ? export.GetInt64() : null,
                root.TryGetProperty("tariffWh", out var tariffs) ? new(tariffs.EnumerateObject().Select(t => (t.Name, t.Value.GetInt64()))) : null));
    }

    private static QuarantinedEntry Item(JsonElement item) => new(
        GatewayName.Parse(item.GetProperty("gateway").GetString()),
        MeterName.TryParse(item.GetProperty("meter").GetString(), out var meter) ? meter : null,
        At(item.GetProperty("at")),
        item.GetProperty("reason").GetString()!,
        item.GetProperty("sha256").GetString()!,
        ImportOf(item.GetProperty("body").GetBytesFromBase64()));

    private static Instant? At(JsonElement text) => text.GetString() is { } value ? UtcText.TryParse(value, out var at) ? at : throw new FormatException(value) : null;

    // A body may be anything; only a refused reading has a register.
    private static long? ImportOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("importWh", out var wh) && wh.TryGetInt64(out var import) ? import : null;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>The server cannot be asked, in a sentence.</summary>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries its sentence.")]
public sealed class OperatorApiException(string message) : Exception(message);
