using System.Net.Http.Json;
using Grid.Domain;
using Grid.Portal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.UnitTests.Portal;

/// <summary>The portal over its fakes, served on a loopback port of its own.</summary>
public sealed class RunningPortal : IAsyncDisposable
{
    public const string Password = "a long and quiet winter";

    private readonly WebApplication _app;

    private RunningPortal(WebApplication app, FakePorts ports) => (_app, Ports) = (app, ports);

    public FakePorts Ports { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<RunningPortal> Start(Instant now, int port = 0)
    {
        FakePorts ports = new();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSingleton<TimeProvider>(new StoppedClock(now))
            .AddSingleton<ITenancies>(ports).AddSingleton<IHouseholdDays>(ports).AddSingleton<IResults>(ports)
            .AddSingleton<IReadingStore>(ports).AddSingleton<IQuarantine>(ports).AddSingleton<IGatewayReports>(ports).AddSingleton<IAccesses>(ports)
            .AddSingleton<IRegistry>(ports).AddSingleton<CurrentRegistry>();
        FakeAccounts accounts = new();
        builder.Services.AddSingleton<IUserStore<IdentityUser<Guid>>>(accounts).AddSingleton<IRoleStore<IdentityRole<Guid>>>(accounts);
        builder.Services.AddPortal(_ => { });
        var app = builder.Build();
        app.UsePortal();
        app.MapPortal();
        await app.Services.GetRequiredService<CurrentRegistry>().RefreshAsync(CancellationToken.None);
        await app.StartAsync();
        return new(app, ports);
    }

    public async Task<Guid> AddAccount(string email, string role)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser<Guid>>>();
        IdentityUser<Guid> user = new() { UserName = email, Email = email };
        var made = await users.CreateAsync(user, Password);
        if (!made.Succeeded) throw new InvalidOperationException(made.ToString());
        await users.AddToRoleAsync(user, role);
        return user.Id;
    }

    public async Task FailedBefore(string email, int times)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser<Guid>>>();
        var user = await users.FindByEmailAsync(email);
        for (var i = 0; i < times; i++) await users.AccessFailedAsync(user!);
    }

    public HttpClient Browser() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    public async Task<HttpClient> SignedIn(string email)
    {
        var browser = Browser();
        using var answer = await browser.PostAsJsonAsync("/api/v1/session", new { email, password = Password });
        answer.EnsureSuccessStatusCode();
        return browser;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // Now stands still; timers and elapsed time are the system's, so that waiting ends.
    private sealed class StoppedClock(Instant now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now.ToDateTimeOffset();
    }
}
