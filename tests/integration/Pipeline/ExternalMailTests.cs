using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using MQTTnet.Exceptions;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>What the backend says to gateways by way of a real Mosquitto of the test's own.</summary>
public sealed class ExternalMailTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_was_away_gets_the_next_letter()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        using var mail = new ExternalMail(Options(mosquitto), TimeProvider.System);
        await SendAsync(mail);
        await mosquitto.StopAsync();
        await FluentActions.Awaiting(() => SendAsync(mail)).Should().ThrowAsync<MqttCommunicationException>();

        await mosquitto.StartAsync();

        await Eventually.BecomesTrueAsync("it took a letter again", TimeSpan.FromSeconds(30), async _ =>
        {
            try
            {
                await SendAsync(mail);
                return true;
            }
            catch (MqttCommunicationException)
            {
                return false; // the client has not noticed yet that its connection is gone
            }
        }, Stop);
    }

    [Fact]
    public async Task A_broker_that_does_not_let_it_in_is_named_with_the_reason()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        var options = Options(mosquitto);
        options.Password = "wrong";
        using var mail = new ExternalMail(options, TimeProvider.System);

        await FluentActions.Awaiting(() => SendAsync(mail)).Should().ThrowAsync<InvalidOperationException>().WithMessage($"The broker at {mosquitto.Host}:{mosquitto.Port} refuses the connection (NotAuthorized). See Grid:Broker.");
    }

    private static BrokerOptions Options(OwnMosquitto mosquitto) =>
        new() { Kind = BrokerKind.External, Host = mosquitto.Host, Port = mosquitto.Port, User = mosquitto.IngestUser, Password = mosquitto.IngestPassword };

    private static Task SendAsync(ExternalMail mail) => mail.SendAsync(BrokerBench.Ours, TopicKind.Ack, "{}"u8.ToArray(), retain: true, Stop);
}
