using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>Bills made fit for the method (METHOD.md rule 5.16).</summary>
/// <param name="Bills">Those that take part, in order.</param>
/// <param name="Dropped">Why each of the others does not.</param>
public sealed record BilledUse(IReadOnlyList<UseBill> Bills, IReadOnlyList<SufficiencyReason> Dropped)
{
    public const int ShortestDays = 25;
    public const int LongestDays = 35;
    public const int LongestBimonthlyDays = 70;

    public const string TooShort = "bill-too-short";
    public const string TooLong = "bill-too-long";
    public const string NotReadInTime = "estimated-without-a-read-in-time";
    public const string WithoutUse = "bill-without-use";
    public const string WithoutTemperature = "bill-without-temperature";

    private const double EnoughHours = 0.9;

    /// <param name="bills">In order, each from where the one before ended.</param>
    /// <param name="fahrenheit">The neighbourhood's, by day.</param>
    /// <param name="bimonthly">The meter is read every two months.</param>
    /// <param name="zeroIsAValue">As for days (rule 5.1).</param>
    public static BilledUse Of(IReadOnlyList<BilledPeriod> bills, IReadOnlyDictionary<LocalDate, DailyTemperature> fahrenheit, bool bimonthly, bool zeroIsAValue)
    {
        List<UseBill> kept = [];
        List<SufficiencyReason> dropped = [];
        for (var i = 0; i < bills.Count; i++)
        {
            var bill = bills[i];
            var first = i;
            while (bill.IsEstimated && i + 1 < bills.Count) bill = new(bill.First, bills[i + 1].Next, bill.Use + bills[++i].Use, bills[i].IsEstimated);
            var outside = Enumerable.Range(0, bill.Days).Select(d => fahrenheit.GetValueOrDefault(bill.First.PlusDays(d))).ToList();
            var share = outside.Sum(o => o.Share) / bill.Days;
            var longest = bimonthly || i > first ? LongestBimonthlyDays : LongestDays;
            var name = LocalDatePattern.Iso.Format(bill.First);
            if (bill.IsEstimated || (i > first && bill.Days > longest)) dropped.Add(new(NotReadInTime, bill.Days, LongestBimonthlyDays, name));
            else if (bill.Days < ShortestDays) dropped.Add(new(TooShort, bill.Days, ShortestDays, name));
            else if (bill.Days > longest) dropped.Add(new(TooLong, bill.Days, longest, name));
            else if (bill.Use is not { } use || (use == 0 && !zeroIsAValue)) dropped.Add(new(WithoutUse, bill.Use ?? 0, 0, name));
            else if (share < EnoughHours) dropped.Add(new(WithoutTemperature, share, EnoughHours, name));
            else kept.Add(new(bill.First, bill.Next, use, [.. outside.Select(o => o.Mean).OfType<double>()]));
        }

        return new(kept, dropped);
    }

    /// <summary>Those that lie wholly in a period, from its first to its last day.</summary>
    public IReadOnlyList<UseBill> Within(LocalDate first, LocalDate last) => [.. Bills.Where(b => b.First >= first && b.Next <= last.PlusDays(1))];

    /// <summary>The days of bills, each with its share, so that rule 5.4 can be held against them.</summary>
    public static IReadOnlyList<UseDay> Days(IEnumerable<UseBill> bills) =>
        [.. bills.SelectMany(b => Enumerable.Range(0, b.Days).Select(d => new UseDay(b.First.PlusDays(d), b.Use / b.Days, b.MeanF.Average())))];
}
