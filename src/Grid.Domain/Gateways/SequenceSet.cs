using System.Collections.Immutable;
using System.Globalization;

namespace Grid.Domain;

/// <summary>
/// The message numbers of one epoch that are stored, as disjoint rising ranges that do not touch.
/// A set, not a last-seen counter: 6, 8, 7, 9 leaves no gap, and order of arrival never matters.
/// </summary>
public sealed class SequenceSet
{
    public static readonly SequenceSet Empty = new([]);

    private SequenceSet(ImmutableArray<SequenceRange> ranges) => Ranges = ranges;

    public ImmutableArray<SequenceRange> Ranges { get; }

    /// <summary>Everything from 1 up to here is stored; 0 if number 1 is not.</summary>
    public long StoredThrough => Ranges is [{ From: 1 } first, ..] ? first.To : 0;

    /// <summary>The numbers below the highest one that are not there.</summary>
    public IEnumerable<SequenceRange> Holes
    {
        get
        {
            long next = 1;
            foreach (var range in Ranges)
            {
                if (range.From > next) yield return new(next, range.From - 1);
                next = range.To + 1;
            }
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A bound below 1, or the end before the start.</exception>
    public SequenceSet With(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        var merged = ImmutableArray.CreateBuilder<SequenceRange>(Ranges.Length + 1);
        var added = false;
        foreach (var range in Ranges)
        {
            if (range.To < from - 1) merged.Add(range);
            else if (range.From - 1 > to)
            {
                if (!added) merged.Add(new(from, to));
                added = true;
                merged.Add(range);
            }
            else (from, to) = (Math.Min(from, range.From), Math.Max(to, range.To));
        }

        if (!added) merged.Add(new(from, to));
        return new(merged.DrainToImmutable());
    }

    public SequenceSet With(long number) => With(number, number);

    public SequenceSet With(SequenceSet other) => other.Ranges is [var only] ? With(only.From, only.To) : Union([.. Ranges, .. other.Ranges]);

    /// <summary>No more than the lowest so many ranges: what is forgotten counts as not stored.</summary>
    public SequenceSet Lowest(int ranges) => Ranges.Length <= ranges ? this : new(Ranges[..ranges]);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static SequenceSet Parse(string text) => Union(text.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(range => range.Split('-')).Select(ends => new SequenceRange(Number(ends[0]), Number(ends[^1]))));

    /// <summary><c>1-18231,18235</c>.</summary>
    public override string ToString() => Ranges is [var only] ? Text(only) : string.Join(',', Ranges.Select(Text));

    private static string Text(SequenceRange range) => range.From == range.To
        ? range.From.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.From}-{range.To}");

    // One pass over sorted ranges: a gateway that skips every other number must not cost the square of what it sent.
    private static SequenceSet Union(IEnumerable<SequenceRange> ranges)
    {
        var union = ImmutableArray.CreateBuilder<SequenceRange>();
        foreach (var range in ranges.OrderBy(r => r.From))
        {
            if (union.Count > 0 && range.From - 1 <= union[^1].To) union[^1] = union[^1] with { To = Math.Max(union[^1].To, range.To) };
            else union.Add(range);
        }

        return new(union.DrainToImmutable());
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
