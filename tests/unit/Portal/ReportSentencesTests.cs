using System.Globalization;
using Grid.Analytics;
using Grid.Domain;
using Grid.Portal;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.UnitTests.Portal;

public sealed class ReportSentencesTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddLocalization().AddScoped<Words>().BuildServiceProvider();

    public ReportSentencesTests() => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en-GB");

    [Theory]
    [InlineData(Verdict.Saved, 60, 24, 6.5, 2.6, "That saved you €60 (give or take €24).", "It kept 6.5 kg of CO₂ out of the air (give or take 2.6 kg).")]
    [InlineData(Verdict.UsedMore, -60, 24, -6.5, 2.6, "That cost you €60 more (give or take €24).", "It brought 6.5 kg more CO₂ into the air (give or take 2.6 kg).")]
    [InlineData(Verdict.Saved, 3, 12, -1.0, 0.4)]
    [InlineData(Verdict.Saved, -30, 12, 0.2, 0.4)]
    [InlineData(Verdict.NoDetectableChange, 60, 24, 6.5, 2.6)]
    [InlineData(Verdict.NotEnoughData, 60, 24, 6.5, 2.6)]
    public void What_savings_are_worth_is_told_with_its_direction_and_only_beyond_chance(Verdict verdict, int eur, int eurBand, double kg, double kgBand, params string[] told)
    {
        SavedEnergy energy = new(270, 0, 1_800, 0, 0, 1_500, verdict is Verdict.UsedMore ? -300 : 300, 120, verdict, []);
        SavedWorth worth = new(1_500, 300, eur, eurBand, false, 30, kg, kgBand, IntensitySource.Hour);
        var report = AHome.Report(new(2026, 10)) with
        {
            Savings = new("h-0042", "2026-10", "2025-01-01", "2025-12-31", null, energy, energy), Costs = new("h-0042", "2026-10", "2025-01-01", null, null, worth, worth, null),
        };

        ReportSentences.Worth(report, Words).Select(s => s.Replace('\u00a0', ' ')).Should().Equal(told);
    }

    [Theory]
    [InlineData(29.3, "Less than expected (9 times in 10)")]
    [InlineData(-29.3, "More than expected (9 times in 10)")]
    public void The_difference_from_what_was_expected_is_told_in_words_and_without_a_sign(double savedKwh, string named)
    {
        var (name, figure) = ReportSentences.Difference(new(551, 0, 1_800, 0, 0, 580, savedKwh, 90.7, Verdict.NoDetectableChange, []), Words);

        (name, figure.Replace('\u00a0', ' ')).Should().Be((named, "29.3 kWh ± 90.7 kWh"));
    }

    [Fact]
    public void What_a_bill_lacks_is_told_only_if_it_lacks_it()
    {
        MonthBill bill = new(20, 15, 5, 0, 3, 0.2m, false, 0, 1, []);

        ReportSentences.Missing(bill, Words).Should().Be("Not all of the month is in it. Half-hours whose energy is not known: 1.");
        ReportSentences.Missing(bill with { UnpricedWh = 12_300, UnknownSlots = 0 }, Words).Should().Be("Not all of the month is in it. Without a price: 12.3\u00a0kWh.");
    }

    [Theory]
    [InlineData(IntensitySource.Hour, "34 g of CO₂ for each kWh, the grid’s average, emissions of power stations alone, hour by hour.")]
    [InlineData(IntensitySource.Year, "34 g of CO₂ for each kWh, the grid’s average, emissions of power stations alone; where hours are missing, RTE’s figure for France of 2024, 21.7 g.")]
    public void The_source_of_an_intensity_says_how_much_and_of_which_year(IntensitySource source, string told) =>
        ReportSentences.Source(new(4, 34, CarbonKind.Direct, source), new(2026, 10), Words).Replace('\u00a0', ' ').Should().Be(told);

    [Theory]
    [InlineData("en-GB", "The sun covered 40% of what you used; 59% of what your panels made stayed at home.", "What flowed through your own equipment this month.")]
    [InlineData("fr-FR", "Le soleil a couvert 40 % de votre consommation ; 59 % de ce que vos panneaux ont produit est resté chez vous.", "Ce qui est passé par vos équipements ce mois-ci.")]
    public void What_the_sun_did_is_told_of_homes_with_panels(string culture, string panels, string none)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        MonthBalance balance = new(31, 60, 41, 100, 0, 0, 0, 100, 0.59, 0.4);

        Told(balance).Should().Be(panels);
        Told(balance with { MadeWh = 0, SelfConsumption = null }).Should().Be(none);

        string Told(MonthBalance month) => ReportSentences.Balance(month, Words).Replace('\u00a0', ' ').Replace('\u202f', ' ');
    }

    public void Dispose()
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = _before;
        _services.Dispose();
    }

    private Words Words => _services.GetRequiredService<Words>();
}
