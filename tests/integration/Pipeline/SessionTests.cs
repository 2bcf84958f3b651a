using System.Net;
using Grid.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Pipeline;

public class SessionTests
{
    [Fact]
    public async Task A_new_password_ends_the_sessions_of_the_old_one()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var grid = await RunningGrid.StartAsync(new Parts());
        await grid.RegisterAsync(Homes.Behind(Homes.NewGateway(), ["h-1"]), Homes.Secret);
        using var resident = await grid.ResidentAsync(Domain.HouseholdId.Parse("h-1"));
        const string Mine = "/api/v1/households/h-1/consumption?from=2026-01-01&to=2026-01-02&granularity=day";
        (await resident.GetAsync(Mine, ct)).StatusCode.Should().Be(HttpStatusCode.OK);

        await using (var scope = grid.Services.CreateAsyncScope())
        {
            var email = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser<Guid>>>().Users.Single().Email!;
            await new Accounts(grid.Services).ResetAsync(email);
        }

        (await resident.GetAsync(Mine, ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }
}
