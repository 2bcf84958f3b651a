using System.Buffers;
using System.Text;
using Grid.Domain;
using Grid.Ingest;
using Grid.Wire;

namespace Grid.UnitTests.Ingest;

public class GateTests
{
    private const string Topic = "grid/v1/gw-1/readings";
    private static readonly GatewayName Ours = GatewayName.Parse("gw-1");
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);

    [Theory]
    [InlineData("m-1", "2026-11-24T12:00:00Z", null)]
    [InlineData("m-1", "2026-11-24T12:05:00Z", null)]
    [InlineData("m-1", "2026-11-24T12:05:01Z", Reason.FromTheFuture)]
    [InlineData("m-1", "2026-10-10T12:00:00Z", null)]
    [InlineData("m-1", "2026-10-10T11:59:59Z", Reason.TooOld)]
    [InlineData("m-2", "2026-11-24T12:00:00Z", Reason.ForeignMeter)]
    [InlineData("m-3", "2026-11-24T12:00:00Z", Reason.UnknownMeter)]
    [InlineData("taken-down", "2026-11-01T00:00:00Z", null)]
    [InlineData("taken-down", "2026-11-01T00:00:01Z", Reason.NotInstalled)]
    public void A_reading_passes_or_has_its_reason(string meter, string at, Reason? reason)
    {
        var entry = Inspect(Topic, $$"""{"epoch":1,"seq":4,"readings":[{"meter":"{{meter}}","at":"{{at}}","importWh":1}]}""");

        entry.Seq.Should().Be(4);
        entry.Readings.Should().HaveCount(reason is null ? 1 : 0);
        entry.Refused.Select(r => (Reason?)r.Reason).Should().Equal(reason is null ? [] : [reason]);
        if (reason is not null) entry.Refused[0].Meter!.Value.Value.Should().Be(meter);
    }

    [Fact]
    public void A_message_over_64_KiB_is_kept_by_its_hash_and_its_first_4_KiB()
    {
        var item = Inspect(Topic, new string('x', 70_000)).Refused.Should().ContainSingle().Subject;

        item.Reason.Should().Be(Reason.TooLarge);
        item.Body.Should().HaveCount(QuarantinedItem.MaxBodyBytes);
    }

    [Fact]
    public void A_message_over_256_KiB_is_noted_without_its_body() =>
        Inspect(Topic, new string('x', 300_000)).Refused.Should().ContainSingle().Which.Body.Should().BeEmpty();

    [Fact]
    public void Every_format_of_the_contract_is_read_and_held_to_the_same_rules()
    {
        var (ours, foreign) = (new Reading(MeterName.Parse("m-1"), Now, new(5)), new Reading(MeterName.Parse("m-2"), Now, new(5)));

        Inspect("grid/v1/gw-1/senml", Senml(ours, foreign), new(3, 9, null)).Should().BeEquivalentTo(
            new { Epoch = 3L, Seq = 9L, Readings = new[] { ours }, Refused = new[] { new { Reason = Reason.ForeignMeter } } });
        Inspect("grid/v1/gw-1/tic", "no frame"u8.ToArray(), new(3, 9, null)).Should().BeEquivalentTo(new { Epoch = 3L, Seq = 9L, Refused = new[] { new { Reason = Reason.Malformed } } });
        Inspect("grid/v1/gw-1/p1", "no telegram"u8.ToArray(), default(Envelope)).Should().BeEquivalentTo(new { Epoch = (long?)null, Refused = new[] { new { Reason = Reason.Malformed } } });
    }

    [Fact]
    public void A_message_whose_properties_are_none_of_the_contracts_is_refused() =>
        Inspect(Topic, """{"epoch":1,"seq":4,"readings":[]}"""u8.ToArray(), null).Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.BadValue);

    [Fact]
    public void A_message_that_cannot_be_read_is_quarantined_under_the_number_of_its_properties() =>
        Inspect(Topic, "{"u8.ToArray(), new(3, 9, null)).Should().BeEquivalentTo(new { Epoch = 3L, Seq = 9L });

    [Fact]
    public void What_a_household_does_not_let_us_keep_is_counted_and_nothing_of_it_goes_on()
    {
        var entry = Inspect(
            Topic, """{"epoch":1,"seq":4,"readings":[{"meter":"m-1","at":"2026-11-24T12:00:00Z","importWh":1}]}"""u8.ToArray(), default(Envelope), new NothingIsLet());

        entry.Should().BeEquivalentTo(new { Seq = 4L, Withheld = 1, Items = 0 });
    }

    [Fact]
    public void The_same_bad_message_twice_is_one_item() =>
        Inspect(Topic, "x").Refused[0].Id.Should().Be(Inspect(Topic, "x").Refused[0].Id).And.NotBe(Inspect(Topic, "y").Refused[0].Id);

    [Fact]
    public void An_event_from_before_all_readings_is_refused_so_that_it_cannot_mark_every_day_since() =>
        Inspect("grid/v1/gw-1/events", """{"epoch":1,"seq":1,"type":"register-restart","meter":"m-1","at":"0001-01-01T00:00:00Z"}""")
            .Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.TooOld);

    [Fact]
    public void A_topic_of_any_characters_becomes_plain_text() =>
        Inspect("grid/v1/gw-1/\0\u001b[31m" + new string('x', 400), "x").Refused.Should().ContainSingle()
            .Which.Topic.Should().HaveLength(256).And.NotContain("\0").And.NotContain("\u001b");

    [Fact]
    public void An_event_of_a_foreign_meter_is_refused() =>
        Inspect("grid/v1/gw-1/events", """{"epoch":1,"seq":1,"type":"meter-swap","meter":"m-2","at":"2026-11-24T12:00:00Z"}""")
            .Refused.Should().ContainSingle().Which.Reason.Should().Be(Reason.ForeignMeter);

    private static JournalEntry Inspect(string topic, string payload) => Inspect(topic, Encoding.UTF8.GetBytes(payload), default(Envelope));

    private static JournalEntry Inspect(string topic, byte[] payload, Envelope? envelope, IConsent? consent = null)
    {
        var registry = new CurrentRegistry(new NoRegistry());
        var since = Instant.FromUtc(2020, 1, 1, 0, 0);
        registry.StartFrom(new(1, "n", LocalCalendar.DefaultZone, [], [
            new(MeterName.Parse("m-1"), MeterKind.Main, Ours, null, since, null),
            new(MeterName.Parse("m-2"), MeterKind.Main, GatewayName.Parse("gw-2"), null, since, null),
            new(MeterName.Parse("taken-down"), MeterKind.Main, Ours, null, since, Instant.FromUtc(2026, 11, 1, 0, 0)),
        ], []));
        var options = new IngestOptions();
        var gate = new Gate(registry, consent ?? new EverythingIsLet(), new(options), new(options));
        return gate.Inspect(Ours, topic, envelope, payload, Now);
    }

    private static byte[] Senml(params Reading[] readings)
    {
        var pack = new ArrayBufferWriter<byte>();
        SenmlReadings.Encode(readings, SenmlFormat.Json, pack);
        return pack.WrittenSpan.ToArray();
    }

    private sealed class NothingIsLet : IConsent
    {
        public bool Lets(MeterInstall install, Reading reading) => false;
    }

    private sealed class NoRegistry : IRegistry
    {
        public Task<long> VersionAsync(CancellationToken ct) => throw new InvalidOperationException("A gate decides from the snapshot.");

        public Task<RegistrySnapshot> ReadAsync(CancellationToken ct) => throw new InvalidOperationException("A gate decides from the snapshot.");
    }
}
