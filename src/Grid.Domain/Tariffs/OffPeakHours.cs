using System.Collections.Immutable;
using NodaTime.Text;

namespace Grid.Domain;

/// <summary>A home's off-peak hours, in local time; one span may go over midnight.</summary>
public sealed record OffPeakHours(ImmutableArray<(LocalTime From, LocalTime To)> Spans)
{
    private static readonly LocalTimePattern Minutes = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>From 22 to 6, as Tempo has it everywhere.</summary>
    public static OffPeakHours Night { get; } = new([(new LocalTime(22, 0), new LocalTime(6, 0))]);

    /// <param name="text">As <see cref="ToString"/> writes it.</param>
    public static bool TryParse(string text, out OffPeakHours hours)
    {
        List<(LocalTime, LocalTime)> spans = [];
        foreach (var span in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (span.Split('-') is [var start, var end] && Minutes.Parse(start) is { Success: true, Value: var from } && Minutes.Parse(end) is { Success: true, Value: var to } && from != to)
                spans.Add((from, to));
            else spans = [default];
        }

        hours = new([.. spans]);
        return spans.Count > 0 && spans[0] != default;
    }

    public bool Contains(LocalTime time)
    {
        foreach (var (from, to) in Spans)
            if (from <= to ? time >= from && time < to : time >= from || time < to) return true;
        return false;
    }

    public bool Equals(OffPeakHours? other) => other is not null && Spans.AsSpan().SequenceEqual(other.Spans.AsSpan());

    public override int GetHashCode() => Spans.Aggregate(0, HashCode.Combine);

    /// <returns>Spans with a blank between, such as <c>12:30-14:30 22:00-06:00</c>.</returns>
    public override string ToString() => string.Join(' ', Spans.Select(s => $"{Minutes.Format(s.From)}-{Minutes.Format(s.To)}"));
}
