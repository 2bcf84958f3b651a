using System.Buffers;
using CsCheck;
using Grid.Domain;
using Grid.Ingest;

namespace Grid.UnitTests.Ingest;

public class EntryCodecTests
{
    private static readonly Gen<MeterEvent?> Event = Gen.OneOf(
        Gen.Const((MeterEvent?)null),
        Gen.Select(
            Gen.Enum<MeterEventKind>(),
            Readings.At,
            Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, Registers.MaxWh].Select(wh => (long?)wh)),
            Gen.Bool,
            (kind, at, wh, named) => (MeterEvent?)new MeterEvent(kind, named ? MeterName.Parse("m-1") : null, at, wh, wh, kind is MeterEventKind.Lost ? new(1, 9) : null, wh - 5)));

    private static readonly Gen<QuarantinedItem> Item = Gen.Select(
        Gen.Enum<Reason>(),
        Readings.At,
        Gen.Byte.Array[0, 50],
        Gen.Bool,
        (reason, at, body, named) => new QuarantinedItem(
            "id", at, GatewayName.Parse("gw-1"), "grid/v1/gw-1/readings", named ? MeterName.Parse("m-1") : null, named ? at : null, reason, "détail", "hash", body));

    [Fact]
    public void What_is_committed_is_read_back_the_same() =>
        Gen.Select(
                Readings.At,
                Gen.OneOf(Gen.Const((long?)null), Gen.Long[1, long.MaxValue].Select(n => (long?)n)),
                Readings.Any.Array[0, 10],
                Event,
                Item.Array[0, 3],
                (at, number, readings, what, items) => new JournalEntry(GatewayName.Parse("gw-1"), at, number, number, readings, what, items))
            .Array[0, 5].Sample(entries => Decoded(entries).Should().BeEquivalentTo(entries, o => o.WithStrictOrdering()));

    private static IReadOnlyList<JournalEntry> Decoded(JournalEntry[] entries)
    {
        var body = new ArrayBufferWriter<byte>();
        EntryCodec.Encode(entries, body);
        return EntryCodec.Decode(body.WrittenSpan);
    }
}
