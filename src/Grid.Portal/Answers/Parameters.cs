using Grid.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime.Text;

namespace Grid.Portal;

/// <summary>Reads a request's parameters and collects what is wrong with them, so that one answer names all of it.</summary>
internal sealed class Parameters(IQueryCollection? query = null)
{
    /// <summary>Years that a request may ask about; beyond them there can be no data.</summary>
    public static readonly LocalDate First = new(2000, 1, 1), Last = new(2100, 1, 1);

    private static readonly InstantPattern Utc = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFF'Z'");

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public bool AreGood => _errors.Count == 0;

    public ValidationProblem Problem() => TypedResults.ValidationProblem(_errors, detail: string.Join(' ', _errors.Values.SelectMany(e => e)));

    // A parameter given twice comes as both values with a comma between them, which no form allows: it always ends here.
    public void Refuse(string name, string whatIsRight) =>
        _errors.TryAdd(name, [query?[name].Count > 1 ? $"'{name}' must stand once." : whatIsRight]);

    public LocalDate Date(string name, string? text)
    {
        var parsed = LocalDatePattern.Iso.Parse(text ?? "");
        if (parsed.Success && parsed.Value >= First && parsed.Value <= Last) return parsed.Value;
        Refuse(name, $"'{name}' is a local date from {First:uuuu-MM-dd} to {Last:uuuu-MM-dd}, such as 2026-11-24.");
        return First;
    }

    public Instant Instant(string name, string? text)
    {
        var parsed = Utc.Parse(text ?? "");
        if (parsed.Success && parsed.Value >= First.AtMidnight().InUtc().ToInstant() && parsed.Value <= Last.AtMidnight().InUtc().ToInstant())
            return parsed.Value;
        Refuse(name, $"'{name}' is a UTC instant of the years 2000 to 2099, such as 2026-11-24T13:20:00Z.");
        return default;
    }

    public YearMonth Month(string name, string? text)
    {
        var parsed = YearMonthPattern.Iso.Parse(text ?? "");
        if (parsed.Success && parsed.Value >= First.ToYearMonth() && parsed.Value <= Last.ToYearMonth()) return parsed.Value;
        Refuse(name, $"'{name}' is a month of the years 2000 to 2099, such as 2026-11.");
        return First.ToYearMonth();
    }

    public MeterName Meter(string name, string? text)
    {
        if (!MeterName.TryParse(text, out var meter)) Refuse(name, $"'{name}' is a meter's name: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-'.");
        return meter;
    }

    public T? OneOf<T>(string name, string? text, IReadOnlyDictionary<string, T> choices)
        where T : struct
    {
        if (text is not null && choices.TryGetValue(text, out var choice)) return choice;
        Refuse(name, $"'{name}' is one of {string.Join(", ", choices.Keys)}.");
        return null;
    }

    /// <param name="latest">The last <paramref name="to"/> that is allowed, which <paramref name="longest"/> puts in words.</param>
    public void Span<T>(T from, T to, T latest, string longest)
        where T : IComparable<T>
    {
        if (!AreGood) return;
        if (to.CompareTo(from) <= 0) Refuse("to", "'to' is after 'from': it is the first that is left out.");
        else if (to.CompareTo(latest) > 0) Refuse("to", $"'to' is at most {longest} after 'from'.");
    }
}
