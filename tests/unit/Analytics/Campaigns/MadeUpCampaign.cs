using Grid.Analytics;

namespace Grid.UnitTests.Analytics.Campaigns;

/// <summary>Homes of different size whose use follows the same weather, day by day for two years; after the first the treated use less by a known share.</summary>
internal static class MadeUpCampaign
{
    private static readonly double[] Cold = [.. Enumerable.Range(0, 730).Select(d => Math.Max(0, Math.Cos(2 * Math.PI * (d - 15) / 365.0)))];

    public static IReadOnlyList<CampaignHome> Homes(int count, double saved, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(h => Home(h, treated: h % 2 == 0, saved, random))];
    }

    private static CampaignHome Home(int number, bool treated, double saved, Random random)
    {
        var (size, heating) = (5 + (10 * random.NextDouble()), 10 * random.NextDouble());
        var drift = 1 + (0.08 * ((2 * random.NextDouble()) - 1)); // a home changes by itself from year to year
        var months = new double[24];
        for (var d = 0; d < 720; d++)
        {
            var use = (size + (heating * Cold[d])) * (d < 360 ? 1 : drift) * (0.7 + (0.6 * random.NextDouble()));
            months[d / 30] += use * (treated && d >= 360 ? 1 - saved : 1) / 30;
        }

        return new($"h{number:000}", treated, [.. months.Take(12).Select(m => (double?)m)], [.. months.Skip(12).Select(m => (double?)m)]);
    }
}
