using MQTTnet;
using MQTTnet.Protocol;
using Npgsql;

namespace Grid.IntegrationTests.Servers;

[Collection(SharedMosquitto.Name)]
public sealed class ServersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_line_written_to_InfluxDB_is_read_back()
    {
        await using var influx = await RealInflux.StartAsync();
        await influx.WriteAsync("reading,meter=issy-0042 importWh=10234567i 1795526400000");

        using var answer = await influx.QueryAsync("SELECT importWh FROM reading WHERE meter = 'issy-0042'");

        var series = answer.RootElement.GetProperty("results")[0].GetProperty("series")[0];
        series.GetProperty("values")[0].GetRawText().Should().Be("[1795526400000,10234567]");
    }

    [Fact]
    public async Task InfluxDB_wants_a_login_and_says_what_it_refuses()
    {
        await using var influx = await RealInflux.StartAsync();
        using var http = new HttpClient { BaseAddress = influx.Url };

        using var stranger = await http.GetAsync(new Uri("/query?q=SHOW+DATABASES", UriKind.Relative), Stop);
        var nonsense = () => influx.QueryAsync("SELECT nothing");

        ((int)stranger.StatusCode).Should().Be(401);
        await nonsense.Should().ThrowAsync<InvalidOperationException>().WithMessage("*error parsing query*");
    }

    [Fact]
    public async Task A_dropped_InfluxDB_database_is_gone()
    {
        var influx = await RealInflux.StartAsync();
        await using var witness = await RealInflux.StartAsync();

        await influx.DisposeAsync();

        using var answer = await witness.QueryAsync("SHOW DATABASES");
        answer.RootElement.GetRawText().Should().Contain(witness.Database).And.NotContain(influx.Database);
    }

    [Fact]
    public async Task Two_PostgreSQL_databases_are_apart()
    {
        await using var left = await RealPostgres.StartAsync();
        await using var right = await RealPostgres.StartAsync();

        await ScalarAsync(left, "CREATE TABLE meter (name text); INSERT INTO meter VALUES ('issy-0042'); SELECT 1");

        (await ScalarAsync(left, "SELECT count(*) FROM meter")).Should().Be(1L);
        (await ScalarAsync(right, "SELECT to_regclass('meter') IS NULL")).Should().Be(true);
    }

    [Fact]
    public async Task A_gateway_that_was_added_logs_in_with_its_secret_only()
    {
        var broker = RealMosquitto.OrSkip();
        var (gateway, secret) = await NewGatewayAsync(broker);

        (await broker.CanLogInAsync(gateway, secret, Stop)).Should().BeTrue();
        (await broker.CanLogInAsync(gateway, "not-" + secret, Stop)).Should().BeFalse();
        (await broker.CanLogInAsync("nobody", secret, Stop)).Should().BeFalse();
    }

    [Fact]
    public async Task A_gateway_publishes_its_own_readings_and_nobody_elses()
    {
        var broker = RealMosquitto.OrSkip();
        var (gateway, secret) = await NewGatewayAsync(broker);
        using var client = await ConnectAsync(broker, gateway, secret);

        (await PublishAsync(client, $"grid/v1/{gateway}/readings")).IsSuccess.Should().BeTrue();
        (await PublishAsync(client, "grid/v1/another/readings")).ReasonCode.Should().Be(MqttClientPublishReasonCode.NotAuthorized);
        (await PublishAsync(client, $"grid/v1/{gateway}/ack")).ReasonCode.Should().Be(MqttClientPublishReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Two_ingest_clients_with_one_login_share_what_a_gateway_sends()
    {
        var broker = RealMosquitto.OrSkip();
        var (gateway, secret) = await NewGatewayAsync(broker);
        using var received = new SemaphoreSlim(0);
        using var first = await IngestAsync();
        using var second = await IngestAsync();
        using var sender = await ConnectAsync(broker, gateway, secret);

        for (var message = 0; message < 10; message++) await PublishAsync(sender, $"grid/v1/{gateway}/readings");

        for (var message = 0; message < 10; message++) (await received.WaitAsync(TimeSpan.FromSeconds(10), Stop)).Should().BeTrue();

        async Task<IMqttClient> IngestAsync()
        {
            var client = await ConnectAsync(broker, broker.IngestUser, broker.IngestPassword);
            client.ApplicationMessageReceivedAsync += _ =>
            {
                received.Release();
                return Task.CompletedTask;
            };
            await client.SubscribeAsync($"$share/{gateway}/grid/v1/{gateway}/readings", MqttQualityOfServiceLevel.AtLeastOnce, Stop);
            return client;
        }
    }

    [Fact]
    public void Chromium_is_a_program() => File.Exists(Chromium.PathOrSkip()).Should().BeTrue();

    [Fact]
    public async Task Grid_runs_as_a_process_of_its_own()
    {
        await using var grid = GridProcess.Start(new Dictionary<string, string>(StringComparer.Ordinal), "--help");

        await Eventually.BecomesTrueAsync("Grid had answered", TimeSpan.FromSeconds(30), _ => Task.FromResult(grid.Output.Contains("Grid", StringComparison.Ordinal)), Stop);
    }

    private static async Task<(string Gateway, string Secret)> NewGatewayAsync(RealMosquitto broker)
    {
        var (gateway, secret) = ($"gw-{Guid.NewGuid():N}"[..16], Guid.NewGuid().ToString("N"));
        await broker.AddGatewayAsync(gateway, secret);
        return (gateway, secret);
    }

    private static async Task<IMqttClient> ConnectAsync(RealMosquitto broker, string user, string password)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        var result = await client.ConnectAsync(broker.OptionsFor(user, password, $"{user}-{Guid.NewGuid():N}").Build(), Stop);
        result.ResultCode.Should().Be(MqttClientConnectResultCode.Success);
        return client;
    }

    private static Task<MqttClientPublishResult> PublishAsync(IMqttClient client, string topic) =>
        client.PublishStringAsync(topic, "{}", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: Stop);

    private static async Task<object?> ScalarAsync(RealPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Stop);
    }
}
