using System.Security.Cryptography;
using System.Text;
using Grid.Domain;
using Grid.Ingest;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Corpus;

public class MalformedCorpusTests
{
    private const int Seed = 2026;
    private const int Count = 2_000;
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);
    private static readonly List<MalformedInput> Corpus = MalformedCorpus.Make(Seed, Count);

    [Fact]
    public void Every_input_is_refused_for_its_one_reason_and_nothing_of_it_gets_through()
    {
        List<string> wrong = [];
        foreach (var input in Corpus)
        {
            var (accepted, reasons) = Inspect(input.Topic, input.Envelope, input.Payload);
            if (accepted > 0 || reasons.Distinct().SingleOrDefault() != input.Expected)
                wrong.Add($"{input.Class}: {accepted} accepted, {string.Join(' ', reasons.Distinct())} for {input.Expected}: {Encoding.Latin1.GetString(input.Payload.AsSpan(..Math.Min(input.Payload.Length, 200)))}");
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void There_are_two_thousand_inputs_of_over_a_hundred_classes_and_hardly_one_twice()
    {
        Corpus.Should().HaveCount(Count);
        Corpus.Select(i => i.Class).Distinct(StringComparer.Ordinal).Should().HaveCountGreaterThan(100);
        Corpus.Select(i => (i.Topic, Convert.ToHexString(SHA256.HashData(i.Payload)))).Distinct().Should().HaveCountGreaterThan(Count * 9 / 10);
    }

    [Fact]
    public void Every_reason_that_a_message_alone_can_have_is_among_them() => Corpus.Select(i => i.Expected).Distinct().Should().BeEquivalentTo(
        Enum.GetValues<Reason>().Except([Reason.Conflict, Reason.FallingRegister, Reason.RefusedByStore, Reason.ImplausibleRise]));

    [Fact]
    public void The_same_seed_makes_the_same_bytes()
    {
        HashOf(MalformedCorpus.Make(Seed, Count)).Should().Be(HashOf(Corpus));
        HashOf(Corpus).Should().StartWith("1bd9d8b21d14482d8736393c9d10a4c0");
        HashOf(MalformedCorpus.Make(Seed + 1, Count)).Should().NotBe(HashOf(Corpus));
    }

    // What decides about a message: the gate for the formats that it reads, the codecs for those that it will.
    private static (int Accepted, IReadOnlyList<Reason> Reasons) Inspect(string topic, Envelope envelope, byte[] payload)
    {
        if (Topics.TryParse(topic, out _, out var kind) && kind is TopicKind.Senml or TopicKind.Tic or TopicKind.P1)
        {
            var decoded = kind switch
            {
                TopicKind.Senml => SenmlReadings.Decode(payload, envelope, Now),
                TopicKind.Tic => TicReadings.Decode(payload, envelope, Now),
                _ => P1Readings.Decode(payload, envelope, Now),
            };
            (decoded.Epoch, decoded.Seq).Should().Be((envelope.Epoch, envelope.Seq));
            return (decoded.Readings.Count, decoded.Fault is { } fault ? [fault.Reason] : [.. decoded.Faulty.Select(f => f.Fault.Reason)]);
        }

        var entry = Gate().Inspect(GatewayName.Parse(MalformedCorpus.Gateway), topic, payload, Now);
        entry.Refused.Should().NotContain(r => r.Detail.EndsWith("Exception"), "the gate's last resort is not to be needed");
        return (entry.Readings.Count + (entry.Event is null ? 0 : 1), [.. entry.Refused.Select(r => r.Reason)]);
    }

    private static Gate Gate()
    {
        var registry = new CurrentRegistry(new NoRegistry());
        var since = Instant.FromUtc(2020, 1, 1, 0, 0);
        var ours = GatewayName.Parse(MalformedCorpus.Gateway);
        registry.StartFrom(new(1, "n", LocalCalendar.DefaultZone, [], [
            new(MeterName.Parse("m-1"), MeterKind.Main, ours, null, since, null),
            new(MeterName.Parse("m-2"), MeterKind.Main, GatewayName.Parse("gw-2"), null, since, null),
            new(MeterName.Parse("taken-down"), MeterKind.Main, ours, null, since, Instant.FromUtc(2026, 11, 1, 0, 0)),
        ], []));
        var options = new IngestOptions();
        return new(registry, new(options), new(options));
    }

    private static string HashOf(IEnumerable<MalformedInput> corpus)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var input in corpus)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{input.Class}\n{input.Topic}\n{input.Envelope}\n{input.Expected.Code()}\n{input.Payload.Length}\n"));
            hash.AppendData(input.Payload);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class NoRegistry : IRegistry
    {
        public Task<long> VersionAsync(CancellationToken ct) => throw new InvalidOperationException("A gate decides from the snapshot.");

        public Task<RegistrySnapshot> ReadAsync(CancellationToken ct) => throw new InvalidOperationException("A gate decides from the snapshot.");
    }
}
