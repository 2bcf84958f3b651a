using System.Globalization;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public class LanguageTests
{
    [Theory]
    [InlineData(null, "fr-CA,en;q=0.5", "fr")]
    [InlineData(null, "de,en-US", "en")]
    [InlineData(null, "de", null)]
    [InlineData("en", "fr", "en")]
    [InlineData("tlh", "fr", "fr")]
    public void What_was_chosen_wins_over_what_the_browser_asks_for(string? chosen, string accepted, string? language) =>
        Languages.Pick(chosen, accepted.Split(',').Select(a => a.Split(';')[0])).Should().Be(language);

    [Theory]
    [InlineData("en-GB", 8_123, "8.1 kWh")]
    [InlineData("fr-FR", 8_123, "8,1 kWh")]
    [InlineData("fr-FR", 213, "0,21 kWh")]
    [InlineData("en-GB", 312_400, "312 kWh")]
    public void Energy_is_written_as_the_reader_writes_it(string culture, long wh, string text) =>
        In(culture, () => Formats.Energy(wh)).Replace('\u00a0', ' ').Should().Be(text);

    [Theory]
    [InlineData("en-GB", 24, "Tuesday 24 November")]
    [InlineData("fr-FR", 24, "mardi 24 novembre")]
    [InlineData("fr-FR", 1, "dimanche 1er novembre")]
    [InlineData("en-GB", 1, "Sunday 1 November")]
    public void Days_are_written_as_the_reader_writes_them(string culture, int day, string text) =>
        In(culture, () => Formats.Day(new(2026, 11, day))).Should().Be(text);

    [Theory]
    [InlineData("/households/h-1", "/households/h-1")]
    [InlineData("//elsewhere.example", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    [InlineData("https://elsewhere.example", "/")]
    [InlineData(null, "/")]
    public void Only_addresses_of_this_site_are_followed(string? address, string followed) => Addresses.LocalOr(address, "/").Should().Be(followed);

    private static string In(string culture, Func<string> write)
    {
        var (before, beforeUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return write();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (before, beforeUi);
        }
    }
}
