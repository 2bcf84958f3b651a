using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <content>What a gateway does on what it hears: a connection come back, an <c>ack</c>, a <c>backfill</c>, a command.</content>
public sealed partial class GatewayClient
{
    /// <summary>Told on every connection. On a later one, what no <c>ack</c> covers goes out again: a broker may have lost it since its PUBACK.</summary>
    private void Connected(int number)
    {
        lock (_lock)
        {
            StartPump();
            if (number == 1 || !_kept.All.Any(m => m.State is KeptState.Sent)) return;
            var heard = _heardAck = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var through = _seq;
            _ = SendUncoveredAsync(heard.Task, through);
        }
    }

    /// <summary>A gateway listens too: it comes back though it has nothing to send.</summary>
    private async Task ComeBackAsync()
    {
        try
        {
            await Task.Yield();
            await _connection.ReopenAsync(_stopping.Token);
        }
        catch (Exception failed)
        {
            Fail(failed);
        }
    }

    private async Task SendUncoveredAsync(Task heardAck, long through)
    {
        try
        {
            await Task.WhenAny(heardAck, Task.Delay(_options.AckPatience, _clock, _stopping.Token));
            lock (_lock)
            {
                if (_stopping.IsCancellationRequested) return;
                foreach (var message in _kept.All.Where(m => m.State is KeptState.Sent && (m.Epoch != Epoch || m.Seq <= through)).ToArray()) Queue(message);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped: nothing is to be sent any more.
        }
    }

    private void SayWhatIsLost()
    {
        foreach (var (epoch, from, to) in _lost.ToArray())
        {
            // Under a number of the same epoch that lies behind them.
            var seq = epoch == Epoch ? ++_seq : to + 1;
            var what = new MeterEvent(MeterEventKind.Lost, null, Instant.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds()), Lost: new(from, to));
            var message = new KeptMessage(epoch, seq, TopicKind.Events, SmallMessages.Encode(new EventMessage(epoch, seq, what)), null, 0);
            if (epoch != Epoch)
            {
                StartRepeat(message);
                continue;
            }

            _kept.Add(message);
            _kept.Move(message, KeptState.Waiting);
        }

        _lost.Clear();
    }

    private void Hear(TopicKind kind, byte[] payload)
    {
        switch (kind)
        {
            case TopicKind.Ack when SmallMessages.DecodeAck(payload) is { } ack:
                lock (_lock) Acknowledged(ack);
                break;
            case TopicKind.Backfill when SmallMessages.DecodeBackfill(payload) is { } backfill:
                lock (_lock) FillBack(backfill);
                break;
            case TopicKind.Commands when SmallMessages.DecodeCommand(payload) is { } command:
                _ = AnswerAsync(command);
                break;
        }
    }

    private void Acknowledged(AckMessage ack)
    {
        foreach (var epoch in ack.Epochs)
        {
            _kept.ForgetThrough(epoch.Epoch, epoch.StoredThrough);
            _options.Log?.Ack(Gateway, epoch.Epoch, epoch.StoredThrough);
            if (epoch.Epoch == Epoch && epoch.StoredThrough > _storedThrough) Interlocked.Exchange(ref _storedThrough, epoch.StoredThrough);
        }

        _heardAck?.TrySetResult();
        Changed();
    }

    private void FillBack(BackfillMessage wanted)
    {
        var next = wanted.From;
        // What was never numbered is not lost: it has not happened yet.
        var to = wanted.Epoch == Epoch ? Math.Min(wanted.To, _seq) : wanted.To;
        if (wanted.Epoch > Epoch) return;
        foreach (var message in _kept.Between(wanted.Epoch, wanted.From, to).ToArray())
        {
            if (message.Seq > next) _lost.Add((wanted.Epoch, next, message.Seq - 1));
            Queue(message);
            next = message.Seq + 1;
        }

        if (next <= to) _lost.Add((wanted.Epoch, next, to));
        StartPump();
    }

    private async Task AnswerAsync(CommandMessage command)
    {
        try
        {
            await Task.Yield(); // the connection's loop must go on to hear the PUBACK
            var (result, then) = _desk.Take(command);
            await PublishRawAsync(Topics.Of(Gateway, TopicKind.CommandResults), SmallMessages.Encode(result), _stopping.Token);
            if (then is not null) await then();
        }
        catch (Exception gone)
        {
            // Commands are retained: it comes again, and is answered the same way.
            _options.Notice?.Invoke($"{Gateway}: command {command.Id} was not answered ({gone.Message})");
        }
    }
}
