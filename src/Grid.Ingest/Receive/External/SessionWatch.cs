using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.Ingest;

/// <summary>
/// Whether ingest's session still gets what is published. Mosquitto 2.0.11 was seen to keep a session's messages for a minute
/// and more on a connection that lives and answers pings. So after a silence the client writes a letter to itself, which must come as all messages do.
/// </summary>
internal sealed class SessionWatch(IMqttClient client, string clientId, TimeProvider clock)
{
    /// <summary>How long nothing may come before it is asked, and how long the letter may then take.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _since = clock.GetTimestamp();

    /// <summary>No gateway's: one level more.</summary>
    public string Topic { get; } = $"{Wire.Topics.Root}/-/watch/{clientId}";

    /// <summary>A message came, whichever.</summary>
    public void Hear() => Volatile.Read(ref _heard).TrySetResult();

    /// <param name="excused">That nothing comes is our own doing.</param>
    /// <returns>False if the letter did not come either.</returns>
    /// <exception cref="InvalidOperationException">The broker does not take the letter.</exception>
    public async Task<bool> HearsAsync(bool excused, CancellationToken ct)
    {
        if (excused || _heard.Task.IsCompleted) Begin();
        if (clock.GetElapsedTime(_since) < Silence) return true;
        using CancellationTokenSource late = new(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            var taken = await client.PublishStringAsync(Topic, "", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: either.Token);
            if (!taken.IsSuccess) throw new InvalidOperationException($"it does not take {Topic} ({taken.ReasonCode}): its acl must let ingest read and write grid/v1/#");
            await _heard.Task.WaitAsync(either.Token);
            return true;
        }
        catch (Exception) when (late.IsCancellationRequested && !ct.IsCancellationRequested) // MQTTnet has several for it
        {
            return false;
        }
        finally
        {
            Begin();
        }
    }

    /// <summary>From now on: nothing came yet.</summary>
    public void Begin()
    {
        _since = clock.GetTimestamp();
        if (_heard.Task.IsCompleted) Volatile.Write(ref _heard, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
