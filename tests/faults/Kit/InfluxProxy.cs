using System.Net;

namespace Grid.Faults;

/// <summary>Stands before a real InfluxDB and misbehaves with its writes when a row says so.</summary>
internal sealed class InfluxProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Uri _behind;
    private readonly Task _serving;

    public InfluxProxy(Uri behind)
    {
        _behind = behind;
        Url = new($"http://127.0.0.1:{ServerProcess.FreePort()}/");
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>What becomes of the next write.</summary>
    public Func<Misdeed> Next { get; set; } = () => Misdeed.None;

    public int Misdeeds { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Close();
        await _serving;
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var misdeed = context.Request.Url!.AbsolutePath == "/write" ? Next() : Misdeed.None;
            if (misdeed is not Misdeed.None) Misdeeds++;
            switch (misdeed)
            {
                case Misdeed.Hang:
                    await Task.Delay(Timeout.Infinite, _stopping.Token);
                    break;
                case Misdeed.Fail or Misdeed.TooMany:
                    context.Response.StatusCode = misdeed is Misdeed.Fail ? 500 : 429;
                    context.Response.Close();
                    break;
                case Misdeed.WriteAndHangUp:
                    await PassAsync(context.Request);
                    context.Response.Abort(); // written, and nobody hears of it
                    break;
                default:
                    await PassAsync(context);
                    break;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or HttpListenerException or HttpRequestException or ObjectDisposedException)
        {
            context.Response.Abort();
        }
    }

    private async Task PassAsync(HttpListenerContext context)
    {
        using var answer = await PassAsync(context.Request);
        context.Response.StatusCode = (int)answer.StatusCode;
        await (await answer.Content.ReadAsStreamAsync(_stopping.Token)).CopyToAsync(context.Response.OutputStream, _stopping.Token);
        context.Response.Close();
    }

    private async Task<HttpResponseMessage> PassAsync(HttpListenerRequest request)
    {
        using HttpRequestMessage passed = new(new(request.HttpMethod), new Uri(_behind, request.RawUrl));
        if (request.HasEntityBody) passed.Content = new StreamContent(request.InputStream);
        return await _http.SendAsync(passed, _stopping.Token);
    }
}

internal enum Misdeed
{
    None = 1,

    /// <summary>Takes the request and never answers.</summary>
    Hang = 2,

    /// <summary>500.</summary>
    Fail = 3,

    /// <summary>429.</summary>
    TooMany = 4,

    /// <summary>Writes, and the answer comes too late to be heard.</summary>
    WriteAndHangUp = 5,
}
