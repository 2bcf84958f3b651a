using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class SmallMessagesTests
{
    [Fact]
    public void An_ack_is_spelled_as_the_contract_spells_it() =>
        Encoding.UTF8.GetString(SmallMessages.Encode(new AckMessage([new(7, 18231)]))).Should().Be("""{"epochs":[{"epoch":7,"storedThrough":18231}]}""");

    [Fact]
    public void A_last_will_is_spelled_as_the_contract_spells_it() =>
        Encoding.UTF8.GetString(SmallMessages.Encode(StatusMessage.Lost)).Should().Be("""{"state":"lost"}""");

    [Fact]
    public void A_meter_swap_survives_its_text()
    {
        var swap = new EventMessage(7, 9, new(MeterEventKind.MeterSwap, MeterName.Parse("m-1"), Instant.FromUtc(2026, 11, 24, 10, 0), 500, 3));

        SmallMessages.DecodeEvent(SmallMessages.Encode(swap)).Message.Should().Be(swap);
    }

    [Fact]
    public void Numbers_that_will_never_come_survive_their_text()
    {
        var lost = new EventMessage(7, 9, new(MeterEventKind.Lost, null, Instant.FromUtc(2026, 11, 24, 10, 0), Lost: new(3, 8)));

        SmallMessages.DecodeEvent(SmallMessages.Encode(lost)).Message.Should().Be(lost);
    }

    [Fact]
    public void A_clock_that_was_set_says_by_how_much()
    {
        var set = new EventMessage(7, 9, new(MeterEventKind.ClockSet, null, Instant.FromUtc(2026, 11, 24, 10, 0), ByMs: -3_600_000));

        SmallMessages.DecodeEvent(SmallMessages.Encode(set)).Message.Should().Be(set);
    }

    [Fact]
    public void What_the_backend_asks_is_spelled_as_the_contract_spells_it()
    {
        Encoding.UTF8.GetString(SmallMessages.Encode(new BackfillMessage(7, 18100, 18140))).Should().Be("""{"epoch":7,"from":18100,"to":18140}""");
        Encoding.UTF8.GetString(SmallMessages.Encode(new CommandMessage("c-1", CommandTypes.SetInterval, Seconds: 60)))
            .Should().Be("""{"id":"c-1","type":"set-interval","seconds":60}""");
        SmallMessages.DecodeBackfill("""{"epoch":7,"from":9,"to":8}"""u8).Should().BeNull();
        SmallMessages.DecodeCommand("""{"id":"a b","type":"reboot"}"""u8).Should().BeNull();
    }

    [Theory]
    [InlineData("null", Reason.Malformed)]
    [InlineData("""{"type":"\ud800"}""", Reason.Malformed)]
    [InlineData("""{"\ud800":1}""", Reason.Malformed)]
    [InlineData("""{"epoch":1,"seq":5,"type":"lost","at":"2026-11-24T10:00:00Z","from":1,"to":4000000000000000000}""", Reason.BadValue)]
    [InlineData("{}", Reason.MissingMember)]
    [InlineData("""{"epoch":1,"seq":1,"type":"party","at":"2026-11-24T10:00:00Z"}""", Reason.BadValue)]
    [InlineData("""{"epoch":1,"seq":1,"type":"boot"}""", Reason.MissingMember)]
    [InlineData("""{"epoch":1,"seq":1,"type":"lost","at":"2026-11-24T10:00:00Z","from":5,"to":4}""", Reason.BadValue)]
    [InlineData("""{"epoch":1,"seq":1,"seq":2,"type":"boot","at":"2026-11-24T10:00:00Z"}""", Reason.Malformed)]
    [InlineData("""{"epoch":1,"seq":1,"type":"meter-swap","at":"2026-11-24T10:00:00Z","closingWh":-1}""", Reason.BadValue)]
    public void An_event_at_fault_is_refused_with_its_reason(string json, Reason reason) =>
        SmallMessages.DecodeEvent(Encoding.UTF8.GetBytes(json)).Fault!.Reason.Should().Be(reason);
}
