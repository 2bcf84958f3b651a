using System.Globalization;
using Grid.Analytics;
using Grid.Domain;
using Grid.Portal;
using Microsoft.Extensions.DependencyInjection;
using UglyToad.PdfPig;

namespace Grid.UnitTests.Portal;

public sealed class ReportDocumentTests
{
    private static readonly YearMonth October = new(2026, 10);

    [Theory]
    [InlineData("en-GB", "You used 12% less in October 2026 than a year before.", "Heating to one degree less would save you about €96 a year", "€88.41")]
    [InlineData("fr-FR", "Vous avez consommé 12 % de moins en octobre 2026", "Chauffer d’un degré de moins vous épargnerait environ 96 € par an", "88,41 €")]
    public void It_says_three_sentences_one_action_and_the_figures_in_the_readers_language(string culture, params string[] said)
    {
        var text = Text(Drawn(culture));

        text.Should().ContainAll(said).And.Contain("h-0042").And.Contain("Issy").And.Contain("CO₂").And.Contain("±");
        text.Should().Contain(culture is "en-GB" ? "Since 1 January 2026 you have used" : "Depuis le 1er janvier 2026, vous avez consommé");
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes_and_another_one_others()
    {
        var first = Drawn("fr-FR");

        Drawn("fr-FR").Should().Equal(first);
        Drawn("en-GB").Should().NotEqual(first);
        Drawn("fr-FR", version: 2).Should().NotEqual(first);
        first.Length.Should().BeLessThan(500_000, "it carries two faces of its typeface");
    }

    [Fact]
    public void It_is_one_page_of_a4_with_a_bar_for_each_day_that_is_known()
    {
        using var document = PdfDocument.Open(Drawn("en-GB"));

        var page = document.GetPages().Should().ContainSingle().Subject;
        (Math.Round(page.Width), Math.Round(page.Height)).Should().Be((595, 842));
        page.Letters.Should().OnlyContain(l => l.BoundingBox.Bottom > 20 && l.BoundingBox.Right < 595 - 40, "all of it stands on the page");
        page.Paths.Count(p => p.IsFilled && p.GetBoundingRectangle() is { Width: > 5 and < 20, Height: > 1 }).Should().Be(30, "one of 31 days is not known");
    }

    [Theory]
    [InlineData("en-GB")]
    [InlineData("fr-FR")]
    public void The_longest_report_stands_on_its_page_too(string culture)
    {
        var full = Full();
        var longest = full with
        {
            Energy = full.Energy with { CompleteDays = 28 },
            Costs = full.Costs! with { Bill = full.Costs.Bill! with { IsComplete = false, UnpricedWh = 12_345, UnknownSlots = 144 }, SinceStart = full.Costs.SinceStart! with { EurIsEstimated = true } },
        };

        using var document = PdfDocument.Open(Drawn(culture, longest, neighbourhood: string.Join(' ', Enumerable.Repeat("Issy-les-Moulineaux", 5))));

        document.GetPages().Should().ContainSingle().Which.Letters.Should().OnlyContain(l => l.BoundingBox.Bottom > 20);
    }

    [Fact]
    public void A_report_without_savings_prices_or_days_is_a_page_too()
    {
        var text = Text(Drawn("en-GB", AHome.Report(October)));

        text.Should().Contain("You used 300 kWh in October 2026").And.NotContain("€");
    }

    private static byte[] Drawn(string culture, MonthlyReport? report = null, int version = 1, string neighbourhood = "Issy")
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            using var services = new ServiceCollection().AddLogging().AddLocalization().AddScoped<Words>().BuildServiceProvider();
            var shown = report ?? Full();
            return ReportDocument.Draw(new(shown, shown.ToJson(), version, Instant.FromUtc(2026, 11, 1, 4, 0)), neighbourhood, new(2026, 11, 1), services.GetRequiredService<Words>());
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }

    private static MonthlyReport Full()
    {
        SavedEnergy energy = new(270, 3, 1_800, 900, 0, 2_400, 300, 120, Verdict.Saved, []);
        HomeSavings savings = new("h-0042", "2026-10", "2025-01-01", "2025-12-31", new(ModelGrade.B, 0.3, 0, 0.7, 365, true, 6, 15, 1.2, null, null), energy, energy);
        SavedWorth worth = new(2_400, 480, 60, 24, false, 52, 6.5, 2.6, IntensitySource.Hour);
        MonthBill bill = new(88.41m, 72.76m, 15.65m, 0, 14.74m, 0.194m, true, 0, 0, []);
        return AHome.Report(October, change: -12.3, neighbours: new(90, 11_000, 8_000, Grade.Good, null)) with
        {
            Savings = savings, Peak = new("2026-10-12T19:30:00+02:00", 4_300), StandByW = 62, DailyWh = [.. Enumerable.Range(0, 31).Select(d => d == 7 ? (long?)null : 8_000 + (200 * d))],
            Costs = new("h-0042", "2026-10", "2025-01-01", bill, new(6.5, 21.7, CarbonKind.Direct, IntensitySource.Year), worth, worth, new(ActionKind.Heating, 96, 480)),
        };
    }

    private static string Text(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        // Lines end where the page's width does.
        return string.Join(' ', document.GetPages().SelectMany(p => p.GetWords()).Select(w => w.Text)).Replace('\u00a0', ' ').Replace('\u202f', ' ');
    }
}
