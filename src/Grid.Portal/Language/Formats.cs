using System.Globalization;

namespace Grid.Portal;

/// <summary>Numbers, days and times as the reader writes them.</summary>
public static class Formats
{
    private const char NoBreak = '\u00a0';

    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    /// <summary><c>8.1 kWh</c>: one decimal below 100, two below 1, none above.</summary>
    public static string Energy(long wh) => Number(wh, Decimals(wh)) + NoBreak + "kWh";

    /// <summary><c>240 W</c>, <c>3.4 kW</c>.</summary>
    public static string Power(long watts) => watts < 1_000 ? watts.ToString("N0", Culture) + NoBreak + "W" : Number(watts, 1) + NoBreak + "kW";

    /// <summary><c>€72.07</c>, <c>72,07 €</c>.</summary>
    public static string Euros(decimal eur) => Currency(eur, 2);

    /// <summary><c>€72</c>: of what is not known to the cent.</summary>
    public static string AboutEuros(decimal eur) => Currency(decimal.Round(eur, 0, MidpointRounding.AwayFromZero), 0);

    /// <summary><c>3.4 kg</c>, <c>120 kg</c>.</summary>
    public static string Mass(double kg) => Minus(kg.ToString(Math.Abs(kg) < 10 ? "N1" : "N0", Culture)) + NoBreak + "kg";

    /// <summary><c>21.7 g</c>.</summary>
    public static string Grams(double grams) => grams.ToString("0.#", Culture) + NoBreak + "g";

    public static string Kwh(long wh, int decimals) => Number(wh, decimals);

    public static string Percent(double value) => value.ToString(value >= 10 ? "N0" : "0.#", Culture) + (Languages.Current is "fr" ? NoBreak + "%" : "%");

    public static string Celsius(double value) => Minus(value.ToString("0.0", Culture)) + NoBreak + "°C";

    public static string Degrees(double difference) => Math.Abs(difference).ToString("0.#", Culture) + NoBreak + "°C";

    /// <summary><c>Tuesday 24 November</c>.</summary>
    public static string Day(LocalDate day) => Write(day, "dddd d MMMM");

    public static string DayAndYear(LocalDate day) => Write(day, "dddd d MMMM uuuu");

    public static string Date(LocalDate day) => Write(day, "d MMMM uuuu");

    public static string Weekday(LocalDate day) => day.ToString("dddd", Culture);

    public static string ShortWeekday(LocalDate day) => day.ToString("ddd", Culture);

    public static string Month(YearMonth month) => month.OnDayOfMonth(1).ToString("MMMM uuuu", Culture);

    public static string ShortMonth(YearMonth month) => month.OnDayOfMonth(1).ToString("MMM", Culture);

    public static string Time(LocalTime time) => time.ToString("HH:mm", Culture);

    /// <summary>As a heading or a table's first cell starts.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], Culture) + text[1..];

    // French says "1er", and no other day that way.
    private static string Write(LocalDate day, string pattern) =>
        day.ToString(day.Day == 1 && Languages.Current is "fr" ? pattern.Replace("d MMMM", "d'er' MMMM", StringComparison.Ordinal) : pattern, Culture);

    private static int Decimals(long wh) => Math.Abs(wh) switch { < 1_000 => 2, < 100_000 => 1, _ => 0 };

    private static string Number(long wh, int decimals) => Minus((wh / 1000m).ToString("N" + decimals, Culture));

    private static string Currency(decimal eur, int decimals)
    {
        var amount = Math.Abs(eur).ToString("N" + decimals, Culture);
        return (eur < 0 ? "\u2212" : "") + (Languages.Current is "fr" ? amount + NoBreak + "€" : "€" + amount);
    }

    private static string Minus(string text) => text.Replace('-', '\u2212');
}
