using Grid.Analytics;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class ConsumptionQueryTests
{
    [Fact]
    public void A_good_request_is_read()
    {
        Parameters parameters = new();

        var query = ConsumptionQuery.Read(parameters, "2026-11-01", "2026-12-01", "day");

        query.Should().Be(new ConsumptionQuery(new(2026, 11, 1), new(2026, 12, 1), Granularity.Day));
    }

    [Theory]
    [InlineData(null, "2026-12-01", "day", "from", "*local date*2026-11-24*")]
    [InlineData("2026-02-30", "2026-12-01", "day", "from", "*local date*")]
    [InlineData("1999-12-31", "2026-12-01", "day", "from", "*2000-01-01*")]
    [InlineData("2026-11-01", "2101-01-01", "day", "to", "*2100-01-01*")]
    [InlineData("2026-11-01", "2026-11-01", "day", "to", "*after 'from'*")]
    [InlineData("2026-11-02", "2026-11-01", "slot", "to", "*after 'from'*")]
    [InlineData("2026-11-01", "2026-12-01", null, "granularity", "*slot, hour, day, month, year*")]
    [InlineData("2026-11-01", "2026-12-01", "Day", "granularity", "*slot, hour, day, month, year*")]
    [InlineData("2025-01-01", "2026-02-06", "slot", "to", "*400 days*")]
    [InlineData("2025-01-01", "2026-02-06", "hour", "to", "*400 days*")]
    [InlineData("2000-01-01", "2020-01-02", "year", "to", "*20 years*")]
    public void A_bad_parameter_is_named_with_what_is_right(string? from, string? to, string? granularity, string name, string right)
    {
        Parameters parameters = new();

        var query = ConsumptionQuery.Read(parameters, from, to, granularity);

        query.Should().BeNull();
        parameters.Errors.Should().ContainKey(name).WhoseValue.Should().ContainSingle().Which.Should().Match(right);
    }

    [Theory]
    [InlineData("2025-01-01", "2026-02-05", "slot")]
    [InlineData("2000-01-01", "2020-01-01", "day")]
    public void The_longest_spans_are_allowed(string from, string to, string granularity) =>
        ConsumptionQuery.Read(new(), from, to, granularity).Should().NotBeNull();

    [Fact]
    public void One_answer_names_everything_that_is_wrong()
    {
        Parameters parameters = new();

        ConsumptionQuery.Read(parameters, "x", "y", "z");

        parameters.Errors.Keys.Should().BeEquivalentTo("from", "to", "granularity");
    }
}
