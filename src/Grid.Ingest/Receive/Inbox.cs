using System.Buffers;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>The door for both kinds of broker: what comes in here is decoded, checked and committed; then it may be acknowledged.</summary>
internal sealed class Inbox(Gate gate, Journal journal, GatewayPresence presence, IngestMetrics metrics, TimeProvider clock)
{
    /// <summary>Waits for a place; the task that it answers ends when the message is on disk.</summary>
    /// <exception cref="JournalFullException">Nothing was taken: the sender must keep the message. Also thrown by the answered task.</exception>
    public async ValueTask<Task> OfferAsync(GatewayName gateway, string topic, ReadOnlySequence<byte> payload, CancellationToken ct)
    {
        var bytes = payload.IsSingleSegment ? payload.First : payload.ToArray();
        if (Topics.TryParse(topic, out _, out var kind) && kind is TopicKind.Status or TopicKind.CommandResults && bytes.Length <= WireLimits.MaxMessageBytes)
        {
            if (kind is TopicKind.Status) presence.Note(gateway, SmallMessages.DecodeStatus(bytes.Span));
            return Task.CompletedTask;
        }

        var entry = gate.Inspect(gateway, topic, bytes.Span, Instant.FromDateTimeOffset(clock.GetUtcNow()));
        return CountedAsync(entry, await journal.OfferAsync(entry, ct));
    }

    // What the journal did not take was not received.
    private async Task CountedAsync(JournalEntry entry, Task committed)
    {
        await committed;
        metrics.Received(entry.Items, entry.UnknownMembers);
    }
}
