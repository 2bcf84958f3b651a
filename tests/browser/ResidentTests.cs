using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Grid.BrowserTests;

/// <summary>What a resident of the demo sees, in a real browser.</summary>
public sealed class ResidentTests(DemoSite site) : IClassFixture<DemoSite>
{
    [Fact]
    public async Task A_resident_signs_in_and_sees_the_chart_and_the_comparison_and_no_other_home()
    {
        var page = await site.VisitAsync();
        var (me, other) = (site.Resident(0), site.Resident(1));

        await DemoSite.SignInAsync(page, me);
        page.Url.Should().EndWith($"/households/{me.Household}");
        await page.GotoAsync($"/households/{me.Household}/usage?view=year");
        (await page.Locator("figure svg").First.Locator("path").CountAsync()).Should().BeGreaterThan(10, "the chart is drawn");
        await page.GotoAsync($"/households/{me.Household}/reports");
        await page.Locator("main a[href*='/reports/']").First.ClickAsync();
        (await page.Locator("main").InnerTextAsync()).Should().Contain("kWh").And.Contain("logements");

        (await page.GotoAsync($"/households/{other.Household}"))!.Status.Should().Be(404);
        (await page.GotoAsync($"/households/{other.Household}/reports"))!.Status.Should().Be(404);
        (await page.APIRequest.GetAsync($"/api/v1/households/{other.Household}/consumption?from=2026-01-01&to=2026-01-02&granularity=day")).Status.Should().Be(404);
        (await page.APIRequest.GetAsync("/api/v1/quarantine?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")).Status.Should().Be(403);
    }

    [Fact]
    public async Task Nobody_sees_a_home_without_signing_in()
    {
        var page = await site.VisitAsync("en-GB");

        await page.GotoAsync($"/households/{site.Resident(0).Household}");

        page.Url.Should().Contain("/sign-in");
        (await page.APIRequest.GetAsync($"/api/v1/households/{site.Resident(0).Household}/consumption?from=2026-01-01&to=2026-01-02&granularity=day")).Status.Should().Be(401);
    }

    [Theory]
    [InlineData("fr-FR", 360)]
    [InlineData("fr-FR", 1280)]
    [InlineData("en-GB", 360)]
    [InlineData("en-GB", 1280)]
    public async Task Every_page_fits_its_width_and_has_no_fault_that_axe_finds(string locale, int width)
    {
        var page = await site.VisitAsync(locale, width);
        List<string> complaints = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        var me = site.Resident(0);
        await CheckAsync(page, "/sign-in", locale, width);
        await DemoSite.SignInAsync(page, me);
        foreach (var path in (string[])["", "/usage?view=day", "/usage?view=month", "/usage?view=year", "/reports"])
            await CheckAsync(page, $"/households/{me.Household}{path}", locale, width);
        await page.Locator("main a[href*='/reports/']").First.ClickAsync();
        await CheckAsync(page, new Uri(page.Url).PathAndQuery, locale, width);
        complaints.Should().BeEmpty();
    }

    [Theory]
    [InlineData("fr-FR", 360)]
    [InlineData("en-GB", 1280)]
    public async Task An_operator_is_told_where_to_look(string locale, int width)
    {
        var page = await site.VisitAsync(locale, width);
        await DemoSite.SignInAsync(page, site.Operator);

        await CheckAsync(page, "/", locale, width);

        (await page.Locator("main").InnerTextAsync()).Should().NotMatchRegex(@"[A-Za-z]\.[A-Z][a-z]", "sentences are parted by a space");
        var example = await page.Locator("main a[href*='/api/v1/readings']").First.GetAttributeAsync("href");
        (await page.APIRequest.GetAsync(example!)).Status.Should().Be(200);
        (await page.GotoAsync($"/households/{site.Resident(0).Household}"))!.Status.Should().NotBe(200, "an operator sees no home");
    }

    [Fact]
    public async Task The_demo_is_ready_within_two_minutes()
    {
        await site.VisitAsync();

        site.TimeToReady.Should().BeLessThan(TimeSpan.FromMinutes(2));
    }

    private static async Task CheckAsync(IPage page, string path, string locale, int width)
    {
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        var name = string.Join('-', path.Split('/', '?', '=').Where(p => p.Length > 0));
        await page.ScreenshotAsync(new() { Path = Path.Combine(DemoSite.Screenshots, $"{(name.Length > 0 ? name : "operator")}-{locale[..2]}-{width}.png"), FullPage = true });
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width, path);
        (await page.RunAxe()).Violations.Select(v => $"{path}: {v.Id} {v.Nodes[0].Html}").Should().BeEmpty();
    }
}
