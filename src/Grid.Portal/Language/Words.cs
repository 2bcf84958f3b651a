using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Grid.Portal;

/// <summary>The portal's words in the reader's language.</summary>
public sealed class Words(IStringLocalizer<Texts> texts)
{
    public string this[string key] => texts[key];

    public string this[string key, params object[] parts] => texts[key, parts];

    public bool Has(string key) => !texts[key].ResourceNotFound;

    /// <summary>The text for one, or for another number of things; French counts none as one.</summary>
    public string Count(string key, int number) => texts[key + (IsOne(number) ? ".One" : ".Many"), number];

    private static bool IsOne(int number) => number == 1 || (number == 0 && CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is "fr");
}
