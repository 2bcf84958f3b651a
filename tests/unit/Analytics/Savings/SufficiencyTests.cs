using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Savings;

public sealed class SufficiencyTests
{
    private static readonly IReadOnlyList<UseDay> Whole = MadeUp.Year(_ => 10, noise: 1);

    [Fact]
    public void A_whole_year_is_enough() => Of(Whole).Status.Should().Be(SufficiencyStatus.Pass);

    [Theory]
    [InlineData(329, true)]
    [InlineData(328, false)]
    public void Nine_tenths_of_the_days_must_be_there(int days, bool enough)
    {
        var use = Of([.. Whole.Select((d, i) => i < days ? d : d with { Use = null })]);
        var temperature = Of([.. Whole.Select((d, i) => i < days ? d : d with { MeanF = null, TemperatureShare = 0 })]);

        Codes(use).Should().BeEquivalentTo(enough ? [] : [Sufficiency.TooFewValidDays, Sufficiency.TooFewMeterDays]);
        Codes(temperature).Should().BeEquivalentTo(enough ? [] : [Sufficiency.TooFewValidDays, Sufficiency.TooFewTemperatureDays]);
        if (!enough) use.Reasons[0].Should().Be(new SufficiencyReason(Sufficiency.TooFewValidDays, 328, 329));
    }

    [Fact]
    public void A_day_whose_temperature_is_known_for_nine_tenths_of_its_hours_only_does_not_count()
    {
        Codes(Of([.. Whole.Select((d, i) => i < 328 ? d : d with { TemperatureShare = 0.9 })])).Should().Contain(Sufficiency.TooFewTemperatureDays);
    }

    [Fact]
    public void A_year_with_a_leap_day_is_a_day_too_long()
    {
        var found = Sufficiency.OfBaseline(MadeUp.Year(_ => 10, noise: 1, from: new LocalDate(2024, 1, 1), days: 366), new(2024, 1, 1), new(2024, 12, 31));

        found.Reasons.Should().Equal(new SufficiencyReason(Sufficiency.WrongLength, 366, 365));
    }

    [Fact]
    public void Days_outside_and_negative_days_are_somebodys_decision()
    {
        Codes(Of([.. Whole, new(MadeUp.Last.PlusDays(1), 1, 50)])).Should().Equal(Sufficiency.DataAfter);
        Codes(Of([new(MadeUp.First.PlusDays(-1), 1, 50), .. Whole])).Should().Equal(Sufficiency.DataBefore);
        Codes(Of([Whole[0] with { Use = -0.1 }, .. Whole.Skip(1)])).Should().Equal(Sufficiency.NegativeUse);
    }

    [Fact]
    public void An_extreme_day_is_told_and_kept()
    {
        var found = Of([Whole[0] with { Use = 100 }, .. Whole.Skip(1)]);

        found.Status.Should().Be(SufficiencyStatus.Pass);
        found.Warnings.Should().ContainSingle(w => w.Code == Sufficiency.ExtremeUse && w.Figure == 1);
    }

    [Fact]
    public void Nothing_is_no_data_rather_than_a_bad_year() =>
        Of([.. Whole.Select(d => d with { Use = null })]).Should().BeEquivalentTo(new { Status = SufficiencyStatus.NoData, Reasons = new[] { new { Code = Sufficiency.NoData } } });

    private static Sufficiency Of(IReadOnlyList<UseDay> days) => Sufficiency.OfBaseline(days, MadeUp.First, MadeUp.Last);

    private static IEnumerable<string> Codes(Sufficiency found) => found.Reasons.Select(r => r.Code);
}
