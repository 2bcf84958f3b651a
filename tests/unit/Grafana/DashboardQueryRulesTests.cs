using Grid.Domain;
using Grid.Storage;

namespace Grid.UnitTests.Grafana;

/// <summary>What a query may ask: names of the schema, words of all three InfluxDB generations, and nothing about one home.</summary>
public class DashboardQueryRulesTests
{
    private static readonly string[] Words =
    [
        "SELECT", "AS", "FROM", "WHERE", "AND", "OR", "GROUP", "BY", "time", "fill", "null", "none",
        "count", "sum", "mean", "min", "max", "first", "last", "percentile",
    ];

    private static readonly string[] Tags = [InfluxSchema.HouseholdTag, InfluxSchema.MeterTag];

    // What each query's SELECTs are, with the query to name it by.
    private static IEnumerable<(Query Query, InfluxQlSelect Select)> Selects =>
        Dashboards.Queries.SelectMany(query => query.Select.All.Select(select => (query, select)));

    [Fact]
    public void Every_query_asks_the_provisioned_data_source()
    {
        var uid = Provisioning.Value("datasources", "uid");

        Dashboards.Queries.Select(q => q.Json).Concat(Dashboards.Panels.Where(p => !p.IsRow).Select(p => p.Json))
            .Select(json => json.GetProperty("datasource").GetProperty("uid").GetString()).Should().NotBeEmpty().And.AllBe(uid);
    }

    [Fact]
    public void Every_measurement_tag_and_field_is_in_the_schema()
    {
        foreach (var (query, select) in Selects)
        {
            IEnumerable<string>? known = select.Inner?.Aliases;
            if (select.Inner is null)
            {
                InfluxSchema.Keys.Should().ContainKey(select.Measurement ?? "", query.ToString());
                known = InfluxSchema.Keys[select.Measurement!];
            }

            select.Keys.Should().BeSubsetOf(known!, query.ToString());
        }
    }

    [Fact]
    public void Every_text_in_a_query_is_the_name_of_a_quality() =>
        Dashboards.Queries.SelectMany(q => InfluxQlToken.Of(q.Text)).Where(t => t.Kind is InfluxQlKind.Text).Select(t => t.Text)
            .Should().NotBeEmpty().And.BeSubsetOf(Enum.GetValues<Quality>().Select(q => q.Name()));

    [Fact]
    public void Every_word_is_one_that_all_three_InfluxDB_generations_know_and_every_name_is_quoted() =>
        Dashboards.Queries.Should().AllSatisfy(query => InfluxQlToken.Of(query.Text)
            .Where(t => t.Kind is InfluxQlKind.Word).Select(t => t.Text).Should().BeSubsetOf(Words, query.ToString()));

    [Fact]
    public void Every_select_keeps_to_the_range_on_the_screen() =>
        Selects.Where(s => !s.Select.Tokens.Contains(new(InfluxQlKind.Macro, "$timeFilter"))).Select(s => s.Query).Should().BeEmpty();

    [Fact]
    public void No_query_tells_one_home_or_meter_from_another()
    {
        Selects.Where(s => s.Select.Keys.Any(key => Tags.Contains(key, StringComparer.Ordinal) && !s.Select.GroupedBy.Contains(key, StringComparer.Ordinal)))
            .Select(s => s.Query).Should().BeEmpty();
        Dashboards.Queries.Where(q => q.Select.GroupedBy.Any() || q.Select.RawColumns.Any()).Should().BeEmpty("only a total may leave the database");
        Dashboards.Queries.Select(q => q.Json.GetProperty("alias").GetString()).Should().AllBe("$col", "a legend names columns, never tags");
        Dashboards.All.SelectMany(d => d.Json.GetProperty("templating").GetProperty("list").EnumerateArray())
            .Should().BeEmpty("a variable would list what it chooses from");
    }

    /// <summary>What may be told of many homes is decided by METHOD.md section 3, and a query cannot ask there.</summary>
    [Fact]
    public void No_query_tells_what_was_used_it_only_counts_what_is_known()
    {
        string[] used = [InfluxSchema.ImportWh, InfluxSchema.ExportWh, InfluxSchema.TariffWh, InfluxSchema.PowerW];
        var asked = Dashboards.Queries.Select(query => (Query: query, Tokens: InfluxQlToken.Of(query.Text).ToList()))
            .SelectMany(q => q.Tokens.Index().Where(t => used.Contains(t.Item.Text, StringComparer.Ordinal)).Select(t => (q.Query, By: q.Tokens.ElementAtOrDefault(t.Index - 2).Text))).ToList();

        asked.Should().NotBeEmpty().And.AllSatisfy(a => a.By.Should().Be("count", a.Query.ToString()));
    }

    [Fact]
    public void Home_days_are_counted_where_their_points_stand()
    {
        var windows = Selects.Where(s => s.Select is { Measurement: InfluxSchema.HouseholdDay, Window: not null }).ToList();

        // No midnight of any time zone lies within a quarter of an hour.
        windows.Should().NotBeEmpty().And.AllSatisfy(s => s.Select.Window.Should().Be("15m", s.Query.ToString()));
    }
}
