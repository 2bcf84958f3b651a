namespace Grid.UnitTests.Grafana;

/// <summary>What a dashboard must look like before anyone opens it.</summary>
public class DashboardRulesTests
{
    private const int Columns = 24;

    private static IEnumerable<Panel> Charts => Dashboards.Panels.Where(panel => !panel.IsRow);

    [Fact]
    public void Every_dashboard_has_an_address_of_its_own_and_follows_the_house()
    {
        Dashboards.All.Should().NotBeEmpty();
        Dashboards.All.Select(d => d.Text("uid")).Should().OnlyHaveUniqueItems().And.NotContainNulls();
        Dashboards.All.Should().AllSatisfy(dashboard =>
        {
            dashboard.Text("id").Should().BeNull("a number would overwrite another dashboard of that Grafana");
            dashboard.Text("title").Should().NotBeNullOrWhiteSpace();
            dashboard.Text("timezone").Should().Be("browser");
            dashboard.Text("refresh").Should().Be("1m");
            dashboard.Text("schemaVersion").Should().Be("42");
            dashboard.Json.GetProperty("tags").EnumerateArray().Should().NotBeEmpty();
        });
    }

    [Fact]
    public void Every_panel_has_a_number_of_its_own() =>
        Dashboards.All.Should().AllSatisfy(dashboard => dashboard.Panels.Select(p => p.Id).Should().OnlyHaveUniqueItems(dashboard.File));

    [Fact]
    public void No_panel_covers_another_or_leaves_the_columns()
    {
        Dashboards.Panels.Where(p => p.Place is var (x, y, right, bottom) && (x < 0 || y < 0 || right > Columns || right <= x || bottom <= y))
            .Should().BeEmpty();
        var pairs = Dashboards.All.SelectMany(d => d.Panels.SelectMany((one, index) => d.Panels.Skip(index + 1).Select(other => (one, other))));
        pairs.Where(pair => Cover(pair.one, pair.other)).Should().BeEmpty();
    }

    [Fact]
    public void Every_panel_says_what_it_shows_and_in_which_unit()
    {
        Dashboards.Panels.Where(p => string.IsNullOrWhiteSpace(p.Text("title"))).Should().BeEmpty();
        Charts.Where(p => p.Text("description") is not { Length: > 30 }).Should().BeEmpty("a description is a sentence");
        Charts.Where(p => !p.Json.GetProperty("fieldConfig").GetProperty("defaults").TryGetProperty("unit", out var unit) || unit.GetString() is not { Length: > 0 })
            .Should().BeEmpty("a number without a unit is a guess");
    }

    [Fact]
    public void Every_panel_asks_something_and_each_of_its_questions_once()
    {
        Charts.Where(p => p.Queries.Count == 0).Should().BeEmpty();
        Charts.Should().AllSatisfy(p => p.Queries.Select(q => q.Json.GetProperty("refId").GetString()).Should().OnlyHaveUniqueItems(p.ToString()));
    }

    private static bool Cover(Panel one, Panel other) =>
        one.Place is var a && other.Place is var b && a.X < b.Right && b.X < a.Right && a.Y < b.Bottom && b.Y < a.Bottom;
}
