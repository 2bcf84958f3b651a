using System.Text.Json;
using Grid.Analytics;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class ConsumptionAnswerTests
{
    [Fact]
    public void The_json_is_that_of_the_contract()
    {
        var answer = ConsumptionAnswer.Of("h-0042", new(new(2026, 11, 1), new(2026, 11, 3), Granularity.Day), [AHome.Day(new(2026, 11, 1), 100)], AHome.Paris);

        JsonSerializer.Serialize(answer, JsonSerializerOptions.Web).Replace("\\u002B", "+", StringComparison.Ordinal).Should().Be(
            """
            {"household":"h-0042","timeZone":"Europe/Paris","granularity":"day","values":[{"start":"2026-11-01T00:00:00+01:00","importWh":4800,"exportWh":0,"quality":"measured"},{"start":"2026-11-02T00:00:00+01:00","importWh":null,"exportWh":null,"quality":"unknown"}]}
            """);
    }

    [Fact]
    public void The_autumn_day_has_fifty_half_hours_with_both_offsets()
    {
        LocalDate autumn = new(2026, 10, 25);

        var values = ConsumptionAnswer.Of("h-0042", new(autumn, autumn.PlusDays(1), Granularity.Slot), [AHome.Day(autumn, i => i)], AHome.Paris).Values;

        values.Should().HaveCount(50).And.OnlyHaveUniqueItems(v => v.Start);
        values[5].Should().Be(new ConsumptionAnswerValue("2026-10-25T02:30:00+02:00", 5, 0, "measured"));
        values[7].Should().Be(new ConsumptionAnswerValue("2026-10-25T02:30:00+01:00", 7, 0, "measured"));
    }

    [Fact]
    public void A_day_with_a_gap_is_partial()
    {
        LocalDate day = new(2026, 11, 24);

        var value = ConsumptionAnswer.Of("h-0042", new(day, day.PlusDays(1), Granularity.Day), [AHome.Day(day, i => i == 3 ? null : 10)], AHome.Paris).Values.Single();

        value.Should().Be(new ConsumptionAnswerValue("2026-11-24T00:00:00+01:00", 470, 0, "partial"));
    }
}
