using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.FirmwareSim;

/// <summary>What the contract asks of a gateway beside sending: to keep, to fill back, to obey.</summary>
public sealed class GatewayDutyTests : IAsyncLifetime
{
    private TestBroker _broker = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task Messages_are_kept_until_an_ack_covers_them()
    {
        await using var client = await SentAsync(5);

        client.Kept.Should().Be(5, "a PUBACK is no ack");
        await _broker.AckAsync(client, 3);
        await TestBroker.UntilAsync(() => client.StoredThrough == 3);
        client.Kept.Should().Be(2);
        await _broker.AckAsync(client, 5);
        await client.StoredAsync(Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    [Fact]
    public async Task A_backfill_brings_the_same_bytes_again_and_says_what_is_lost()
    {
        await using var client = await SentAsync(6);
        await _broker.AckAsync(client, 2);
        await TestBroker.UntilAsync(() => client.Kept == 4);

        await _broker.SayAsync("gw-0001", TopicKind.Backfill, SmallMessages.Encode(new BackfillMessage(client.Epoch, 1, 4)));
        await TestBroker.UntilAsync(() => _broker.On("readings").Count == 8 && _broker.On("events").Count == 1);

        _broker.On("readings").Select(Seq).Should().Equal(1, 2, 3, 4, 5, 6, 3, 4);
        _broker.On("readings")[6].Should().Equal(_broker.On("readings")[2]);
        var lost = SmallMessages.DecodeEvent(_broker.On("events")[0]).Message!;
        (lost.Seq, lost.Event.Lost).Should().Be((7, new SequenceRange(1, 2)));
    }

    [Fact]
    public async Task A_backfill_of_what_was_never_numbered_says_nothing_of_it()
    {
        await using var client = await SentAsync(2);

        await _broker.SayAsync("gw-0001", TopicKind.Backfill, SmallMessages.Encode(new BackfillMessage(client.Epoch, 2, 900)));
        await TestBroker.UntilAsync(() => _broker.On("readings").Count == 3);
        await client.SendAsync([Reading(3)], Stop);

        _broker.On("readings").Select(Seq).Should().Equal(1, 2, 2, 3);
        _broker.On("events").Should().BeEmpty();
    }

    [Fact]
    public async Task What_was_made_and_held_back_comes_when_it_is_asked_for()
    {
        await using var client = Client();
        await client.ConnectAsync(Stop);
        client.Make(TopicKind.Readings, (epoch, seq) => GatewayClient.Encode(new(epoch, seq, [Reading(1)])));
        await client.SendAsync([Reading(2)], Stop);
        _broker.On("readings").Select(Seq).Should().Equal(2);

        await _broker.SayAsync("gw-0001", TopicKind.Backfill, SmallMessages.Encode(new BackfillMessage(client.Epoch, 1, 1)));
        await TestBroker.UntilAsync(() => _broker.On("readings").Count == 2);

        _broker.On("readings").Select(Seq).Should().Equal(2, 1);
    }

    [Fact]
    public async Task Off_the_net_it_keeps_what_it_can_and_says_what_it_gave_up()
    {
        await using var client = Client(new(GatewayName.Parse("gw-0001"), TestBroker.Secret) { KeepMessages = 4, Window = 2 });
        await client.SendAsync([Reading(1)], Stop);
        await client.GoOfflineAsync();
        for (var i = 2; i <= 9; i++) await client.PostAsync([Reading(i)], Stop);

        client.GoOnline();
        await client.FlushAsync();

        _broker.On("readings").Select(Seq).Should().Equal(1, 6, 7, 8, 9);
        var lost = SmallMessages.DecodeEvent(_broker.On("events").Single()).Message!;
        (lost.Seq, lost.Event.Lost).Should().Be((10, new SequenceRange(2, 5)));
    }

    [Fact]
    public async Task Behind_a_lost_connection_everything_that_no_ack_covers_comes_again()
    {
        await using var client = await SentAsync(4);
        await _broker.AckAsync(client, 2);
        await TestBroker.UntilAsync(() => client.Kept == 2);

        await client.GoOfflineAsync();
        client.GoOnline();
        await TestBroker.UntilAsync(() => _broker.On("readings").Count == 6);

        _broker.On("readings").Select(Seq).Should().Equal(1, 2, 3, 4, 3, 4);
    }

    [Fact]
    public async Task Frames_without_a_number_of_their_own_carry_it_beside_them()
    {
        await using var client = Client();
        await client.ConnectAsync(Stop);

        client.Send(client.Make(TopicKind.Tic, (_, _) => [2, 3], at: Instant.FromUtc(2026, 11, 24, 12, 0)));
        await client.FlushAsync();

        var properties = _broker.Received.Single(m => m.Topic.EndsWith("/tic", StringComparison.Ordinal)).Properties;
        Envelope.TryParse(properties[Envelope.EpochProperty], properties[Envelope.SeqProperty], properties[Envelope.AtProperty], out var envelope).Should().BeTrue();
        envelope.Should().Be(new Envelope(client.Epoch, 1, Instant.FromUtc(2026, 11, 24, 12, 0)));
    }

    [Fact]
    public async Task It_sets_its_interval_limits_its_devices_and_answers_an_id_the_same_way_each_time()
    {
        List<Duration> intervals = [];
        await using var client = Client(new(GatewayName.Parse("gw-0001"), TestBroker.Secret) { IntervalSet = intervals.Add, IsFlexible = true });
        await client.ConnectAsync(Stop);

        (await AnswerAsync(new("a", CommandTypes.SetInterval, Seconds: 300))).Outcome.Should().Be(CommandResultMessage.Done);
        (await AnswerAsync(new("b", CommandTypes.Flex, LimitW: 3_000, Until: "2099-01-01T00:00:00Z"))).Outcome.Should().Be(CommandResultMessage.Done);
        (await AnswerAsync(new("a", CommandTypes.SetInterval, Seconds: 60))).Outcome.Should().Be(CommandResultMessage.Done);

        intervals.Should().Equal(Duration.FromSeconds(300));
        client.Limit.Should().Be(new FlexLimit(3_000, Instant.FromUtc(2099, 1, 1, 0, 0)));
    }

    [Fact]
    public async Task A_reboot_is_answered_and_followed_by_another_birth()
    {
        await using var client = Client();
        await client.ConnectAsync(Stop);

        (await AnswerAsync(new("r", CommandTypes.Reboot))).Outcome.Should().Be(CommandResultMessage.Done);
        await TestBroker.UntilAsync(() => _broker.On("status").Count(p => SmallMessages.DecodeStatus(p)!.State == StatusMessage.Online) == 2);

        // The command is retained: the new connection hears it again, answers it, and does not reboot once more.
        await TestBroker.UntilAsync(() => _broker.On("command-results").Count == 2);
        await client.SendAsync([Reading(1)], Stop);
        _broker.On("status").Count(p => SmallMessages.DecodeStatus(p)!.State == StatusMessage.Online).Should().Be(2);
    }

    [Theory]
    [InlineData(CommandResultMessage.Expired, "set-interval", "2020-01-01T00:00:00Z", 60, null)]
    [InlineData(CommandResultMessage.Refused, "set-interval", "tomorrow", 60, null)]
    [InlineData(CommandResultMessage.Refused, "set-interval", null, 0, null)]
    [InlineData(CommandResultMessage.Refused, "set-interval", null, 60, null)]
    [InlineData(CommandResultMessage.Refused, "flex", null, null, 100)]
    [InlineData(CommandResultMessage.Unsupported, "dance", null, null, null)]
    public void What_it_cannot_do_it_says(string expected, string type, string? until, int? seconds, int? limitW)
    {
        var desk = new CommandDesk(new(GatewayName.Parse("gw-0001"), "s"), new FakeTimeProvider(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero)), () => Task.CompletedTask);

        desk.Take(new("x", type, until, seconds, limitW)).Result.Outcome.Should().Be(expected);
    }

    private async Task<CommandResultMessage> AnswerAsync(CommandMessage command)
    {
        var before = _broker.On("command-results").Count;
        await _broker.SayAsync("gw-0001", TopicKind.Commands, SmallMessages.Encode(command));
        await TestBroker.UntilAsync(() => _broker.On("command-results").Count > before);
        return SmallMessages.DecodeCommandResult(_broker.On("command-results")[before])!;
    }

    private async Task<GatewayClient> SentAsync(int messages)
    {
        var client = Client();
        for (var i = 1; i <= messages; i++) await client.SendAsync([Reading(i)], Stop);
        return client;
    }

    private GatewayClient Client(GatewayClientOptions? options = null) =>
        new((options ?? new(GatewayName.Parse("gw-0001"), TestBroker.Secret)) with { Port = _broker.Port, Epoch = 7 }, TimeProvider.System);

    private static long Seq(byte[] payload) => JsonReadings.Decode(payload).Seq!.Value;

    private static Reading Reading(int number) => new(MeterName.Parse("m-0001"), Instant.FromUnixTimeSeconds(1_800L * number), new(number));
}
