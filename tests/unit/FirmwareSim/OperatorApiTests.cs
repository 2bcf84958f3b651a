using Grid.FirmwareSim;

namespace Grid.UnitTests.FirmwareSim;

public class OperatorApiTests
{
    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_named_and_nobody_stopped_it()
    {
        using var http = new HttpClient(new Silent()) { BaseAddress = new("http://localhost:8080") };

        var act = () => new OperatorApi(http).SignInAsync("operator@grid.example", "password", TestContext.Current.CancellationToken);

        (await act.Should().ThrowAsync<OperatorApiException>()).WithMessage("http://localhost:8080/api/v1/session does not answer within 100 s*");
    }

    /// <summary>Ends as a request does whose time is over.</summary>
    private sealed class Silent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(new TaskCanceledException("", new TimeoutException()));
    }
}
