using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>TLS on the embedded broker.</summary>
public sealed class BrokerTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_an_authority_for_gateways_their_secret_is_enough()
    {
        await using var bench = await BrokerBench.StartAsync(Options(withAuthority: false));

        (await ConnectAsync(bench, null)).Should().Be("Success");
        (await ConnectAsync(bench, null, secret: "wrong")).Should().Be("BadUserNameOrPassword");
    }

    [Fact]
    public async Task With_an_authority_a_gateway_needs_its_certificate_and_its_secret()
    {
        await using var bench = await BrokerBench.StartAsync(Options());
        using var right = _authority.ForClient("gw-ours");
        using var expired = _authority.ForClient("gw-ours", TimeSpan.FromHours(-1));
        using var foreign = _stranger.ForClient("gw-ours");
        using var anothers = _authority.ForClient("gw-theirs");
        using var longer = _authority.ForClient("gw-ours-2");

        (await ConnectAsync(bench, right)).Should().Be("Success");
        (await ConnectAsync(bench, right, secret: "wrong")).Should().Be("BadUserNameOrPassword");
        (await ConnectAsync(bench, right, secret: "")).Should().Be("BadUserNameOrPassword");
        (await ConnectAsync(bench, anothers)).Should().Be("BadUserNameOrPassword");
        (await ConnectAsync(bench, longer)).Should().Be("BadUserNameOrPassword");
        (await ConnectAsync(bench, expired)).Should().Be("no connection");
        (await ConnectAsync(bench, foreign)).Should().Be("no connection");
        (await ConnectAsync(bench, null)).Should().Be("no connection");
    }

    [Fact]
    public async Task A_servers_certificate_is_not_a_gateways()
    {
        await using var bench = await BrokerBench.StartAsync(Options());
        var (certificate, key) = _authority.ForServer();
        using var server = X509Certificate2.CreateFromPemFile(certificate, key);

        (await ConnectAsync(bench, server)).Should().Be("no connection");
    }

    [Fact]
    public async Task A_certificate_alone_is_enough_where_configured_but_not_for_a_revoked_gateway_nor_with_a_wrong_secret()
    {
        var options = Options();
        options.CertificateAlone = true;
        await using var bench = await BrokerBench.StartAsync(options);
        using var right = _authority.ForClient("gw-ours");

        (await ConnectAsync(bench, right, secret: "")).Should().Be("Success");
        (await ConnectAsync(bench, right, secret: "wrong")).Should().Be("BadUserNameOrPassword");
        await bench.SetSecretAsync(BrokerBench.Ours, null);
        (await ConnectAsync(bench, right, secret: "")).Should().Be("BadUserNameOrPassword");
    }

    [Fact]
    public async Task Plain_MQTT_and_old_TLS_find_no_one_on_that_port()
    {
        await using var bench = await BrokerBench.StartAsync(Options(withAuthority: false));
        using var plain = await RawGateway.OpenAsync(bench.Port);
        await plain.SendAsync(RawGateway.ConnectPacket("gw-ours", BrokerBench.Secret));
        (await plain.ReceiveAsync()).FirstOrDefault().Should().NotBe(RawGateway.Connack);

#pragma warning disable SYSLIB0039, CA5397 // old on purpose
        var old = () => ConnectAsync(bench, null, protocols: SslProtocols.Tls11);
#pragma warning restore SYSLIB0039, CA5397
        (await old()).Should().Be("no connection");
    }

    [Fact]
    public async Task A_certificate_that_is_replaced_is_shown_without_a_restart()
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        var options = Options(withAuthority: false);
        await using var bench = await BrokerBench.StartAsync(options, clock);
        var before = await ShownAsync(bench.Port);
        var (certificate, key) = _authority.ForServer();
        File.Copy(certificate, options.Certificate, overwrite: true);
        File.Copy(key, options.CertificateKey, overwrite: true);
        clock.Advance(TimeSpan.FromSeconds(6));

        (await ShownAsync(bench.Port)).Should().NotBe(before);
    }

    [Fact]
    public async Task A_connection_ends_with_its_certificate()
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using var bench = await BrokerBench.StartAsync(Options(), clock);
        using var right = _authority.ForClient("gw-ours", TimeSpan.FromHours(1));
        using var client = new MqttClientFactory().CreateMqttClient();
        var ended = new TaskCompletionSource<MqttClientDisconnectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += e => Task.FromResult(ended.TrySetResult(e.Reason));
        (await client.ConnectAsync(Client(bench, right).Build(), Stop)).ResultCode.Should().Be(MqttClientConnectResultCode.Success);

        clock.Advance(TimeSpan.FromMinutes(61));

        (await ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop)).Should().BeOneOf(MqttClientDisconnectReason.NotAuthorized, MqttClientDisconnectReason.MaximumConnectTime);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    private BrokerOptions Options(bool withAuthority = true)
    {
        var (certificate, key) = _authority.ForServer();
        BrokerOptions options = new() { Tls = true, Certificate = certificate, CertificateKey = key, ClientCertificateAuthority = withAuthority ? _authority.File : "" };
        options.Faults().Should().BeEmpty();
        return options;
    }

    private MqttClientOptionsBuilder Client(BrokerBench bench, X509Certificate2? certificate, string secret = BrokerBench.Secret, SslProtocols protocols = SslProtocols.None) =>
        BrokerBench.AsOurs(bench.Port, secret).WithTlsOptions(tls =>
        {
            tls.UseTls().WithTargetHost("127.0.0.1").WithSslProtocols(protocols).WithTrustChain(Trusted()).WithRevocationMode(X509RevocationMode.NoCheck);
            if (certificate is not null) tls.WithClientCertificates([certificate]);
        });

    private X509Certificate2Collection Trusted()
    {
        X509Certificate2Collection trusted = [];
        trusted.ImportFromPemFile(_authority.File);
        return trusted;
    }

    private async Task<string> ConnectAsync(BrokerBench bench, X509Certificate2? certificate, string secret = BrokerBench.Secret, SslProtocols protocols = SslProtocols.None)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        try
        {
            var answer = await client.ConnectAsync(Client(bench, certificate, secret, protocols).Build(), Stop);
            if (answer.ResultCode is not MqttClientConnectResultCode.Success) return answer.ResultCode.ToString();
            await client.PublishAsync(new() { Topic = Topics.Of(BrokerBench.Ours, TopicKind.Status), QualityOfServiceLevel = MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce }, Stop);
            return "Success";
        }
        catch (Exception) when (!Stop.IsCancellationRequested)
        {
            return "no connection";
        }
    }

    private async Task<string> ShownAsync(int port)
    {
        using System.Net.Sockets.TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", port, Stop);
        await using SslStream stream = new(client.GetStream(), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Trusted()[0] }, RevocationMode = X509RevocationMode.NoCheck } }, Stop);
        return stream.RemoteCertificate!.GetSerialNumberString();
    }
}
