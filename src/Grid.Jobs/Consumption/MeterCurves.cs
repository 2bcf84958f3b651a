using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Fetches what meters stood at over a span, as wide around it as gaps in it ask for.</summary>
public sealed class MeterCurves(IReadingStore readings, ILedger ledger, ICorrections corrections)
{
    /// <summary>A household's main meters.</summary>
    public Task<IReadOnlyList<MeteredInterval>> OfAsync(HouseholdId household, Slot span, RegistrySnapshot snapshot, CancellationToken ct) =>
        OfAsync([.. snapshot.MainMetersOf(household).Where(m => m.Overlaps(span))], span, snapshot.Calendar, ct);

    public async Task<IReadOnlyList<MeteredInterval>> OfAsync(IReadOnlyList<MeterInstall> installs, Slot span, LocalCalendar calendar, CancellationToken ct)
    {
        List<MeterName> names = [.. installs.Select(i => i.Meter)];
        var breaks = await ledger.RegisterBreaksAsync(names, ct);
        var corrected = await corrections.InForceAsync(names, ct);
        List<MeteredInterval> meters = [];
        foreach (var install in installs)
        {
            var curve = await CurveAsync(install.Meter, span);
            var wider = Hung(install, curve.ReadingsFor(span), span);
            meters.Add(new(install, wider == span ? curve : await CurveAsync(install.Meter, wider)));
        }

        return meters;

        async Task<RegisterCurve> CurveAsync(MeterName meter, Slot read) => new(
            await readings.ReadAroundAsync(meter, read.Start, read.End, ct), breaks.GetValueOrDefault(meter, []), calendar, corrected.GetValueOrDefault(meter, []));
    }

    // What the meter told where it hung before or after is another household's, and fills no gap here.
    private static Slot Hung(MeterInstall install, Slot wider, Slot span) => new(
        Instant.Min(span.Start, Instant.Max(wider.Start, install.From)), Instant.Max(span.End, install.To is { } to ? Instant.Min(wider.End, to) : wider.End));
}
