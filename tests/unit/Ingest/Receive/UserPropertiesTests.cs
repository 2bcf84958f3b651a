using Grid.Ingest;
using Grid.Wire;
using MQTTnet.Packets;

namespace Grid.UnitTests.Ingest.Receive;

public class UserPropertiesTests
{
    [Fact]
    public void No_properties_are_an_empty_envelope() => UserProperties.ToEnvelope(null).Should().Be(default(Envelope));

    [Fact]
    public void The_contracts_properties_are_read_and_others_ignored()
    {
        var envelope = Read(("epoch", "7"), ("colour", "green"), ("seq", "12"), ("at", "2026-11-24T13:20:00Z"));

        envelope.Should().NotBeNull();
        envelope!.Value.Epoch.Should().Be(7);
        envelope.Value.Seq.Should().Be(12);
        envelope.Value.At.Should().Be(Instant.FromUtc(2026, 11, 24, 13, 20));
    }

    [Theory]
    [InlineData("epoch", "seven")]
    [InlineData("seq", "-1")]
    [InlineData("seq", "")]
    [InlineData("at", "yesterday")]
    public void A_property_that_cannot_be_read_makes_no_envelope(string name, string value) => Read((name, value)).Should().BeNull();

    [Fact]
    public void A_property_that_stands_twice_makes_no_envelope() => Read(("epoch", "7"), ("seq", "1"), ("seq", "1")).Should().BeNull();

    [Fact]
    public void Names_are_told_apart_by_case() => Read(("Epoch", "x")).Should().Be(default(Envelope));

    private static Envelope? Read(params (string Name, string Value)[] properties) =>
        UserProperties.ToEnvelope([.. properties.Select(p => new MqttUserProperty(p.Name, System.Text.Encoding.UTF8.GetBytes(p.Value)))]);
}
