using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Grid.BrowserTests;

/// <summary>The demo as README starts it, in a process of its own, with Chromium in front of it. One for all tests of a class.</summary>
public sealed class DemoSite : IAsyncLifetime
{
    private const float Patience = 60_000; // ms: all test assemblies start at once, on two cores

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("grid-demo-");
    private GridProcess? _demo;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private List<Account> _accounts = [];

    public sealed record Account(string Email, string Password, string Role, string? Household);

    public Uri Url { get; } = new($"http://localhost:{GridProcess.FreePort()}");

    public TimeSpan TimeToReady { get; private set; }

    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "screenshots")).FullName;

    private static string? ChromiumPath => Environment.GetEnvironmentVariable("GRID_TEST_CHROMIUM");

    // A skip in a fixture counts as a failure: without a browser nothing is started, and each test says why it does not run.
    public async ValueTask InitializeAsync()
    {
        if (ChromiumPath is not { } chromium) return;
        var started = Stopwatch.GetTimestamp();
        _demo = GridProcess.Start(
            new Dictionary<string, string>(StringComparer.Ordinal),
            "demo",
            "--port", Url.Port.ToString(CultureInfo.InvariantCulture),
            "--mqtt-port", GridProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            "--data-directory", _directory.FullName);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        await _demo.WaitUntilReadyAsync(Url);
        TimeToReady = Stopwatch.GetElapsedTime(started);
        _accounts = JsonSerializer.Deserialize<List<Account>>(
            await File.ReadAllTextAsync(Path.Combine(_directory.FullName, "demo-accounts.json")), JsonSerializerOptions.Web)!;
    }

    public Account Resident(int number) => _accounts.Where(a => a.Role == "resident").ElementAt(number);

    public Account Operator => _accounts.Single(a => a.Role == "operator");

    /// <summary>A new visitor: a language and a width, and no cookies.</summary>
    public async Task<IPage> VisitAsync(string locale = "fr-FR", int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light)
    {
        Assert.SkipUnless(_browser is not null, "Chromium is not there: run tests/run");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Url.ToString(), Locale = locale, ViewportSize = new() { Width = width, Height = height }, TimezoneId = "Europe/Paris", ColorScheme = colours,
        });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    public static async Task SignInAsync(IPage page, Account account)
    {
        await page.GotoAsync("/");
        await page.FillAsync("input[type=email]", account.Email);
        await page.FillAsync("input[type=password]", account.Password);
        await page.ClickAsync("main button[type=submit]");
        // What the visitor sees, not the load event: the wait for that one has been seen to miss it while everything else started.
        await page.Locator("form.sign-out button").WaitForAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_demo is not null) await _demo.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
