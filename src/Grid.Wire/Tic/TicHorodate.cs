namespace Grid.Wire;

/// <summary>
/// Linky's local time, <c>SAAMMJJhhmmss</c>: season E (summer, UTC+2) or H (winter, UTC+1), then year to second. In lower case the
/// meter says that its clock is degraded; the time is then still the best there is, and is taken as given
/// (Enedis-NOI-CPT_54E v3; meter-formats, "Horodate").
/// </summary>
/// <param name="Local">Years 2000 to 2099, whole seconds.</param>
public readonly record struct TicHorodate(LocalDateTime Local, bool Summer, bool Degraded)
{
    public const int Length = 13;

    /// <summary>Refuses a season of space (no time applies) and times that no calendar has.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TicHorodate horodate)
    {
        horodate = default;
        if (text.Length != Length || text[0] is not ('E' or 'H' or 'e' or 'h') || !LocalStamp.TryParse(text[1..], out var local)) return false;
        horodate = new(local, text[0] is 'E' or 'e', text[0] is 'e' or 'h');
        return true;
    }

    /// <summary>How a meter in France writes an instant.</summary>
    /// <exception cref="ArgumentException">The instant has a fraction of a second, or its year does not begin with 20.</exception>
    public static TicHorodate Of(Instant at)
    {
        var (local, summer) = LocalStamp.Of(at);
        return new(local, summer, false);
    }

    public Instant ToInstant() => LocalStamp.ToInstant(Local, Summer);

    public override string ToString() =>
        ((Summer, Degraded) switch { (true, false) => "E", (false, false) => "H", (true, true) => "e", _ => "h" }) + LocalStamp.Format(Local);

    // With a season of space the digits mean nothing.
    internal static bool IsWellFormed(string text) =>
        TryParse(text, out _) || (text.Length == Length && text[0] == ' ' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
}
