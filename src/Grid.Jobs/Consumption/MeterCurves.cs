using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>Fetches what meters stood at over a span, as wide around it as gaps in it ask for.</summary>
public sealed class MeterCurves(IReadingStore readings, ILedger ledger)
{
    /// <summary>A household's main meters.</summary>
    public Task<IReadOnlyList<MeteredInterval>> OfAsync(HouseholdId household, Slot span, RegistrySnapshot snapshot, CancellationToken ct) =>
        OfAsync([.. snapshot.MainMetersOf(household).Where(m => m.Overlaps(span))], span, snapshot.Calendar, ct);

    public async Task<IReadOnlyList<MeteredInterval>> OfAsync(IReadOnlyList<MeterInstall> installs, Slot span, LocalCalendar calendar, CancellationToken ct)
    {
        var breaks = await ledger.RegisterBreaksAsync([.. installs.Select(i => i.Meter)], ct);
        List<MeteredInterval> meters = [];
        foreach (var install in installs) meters.Add(new(install, await CurveAsync(install, span, breaks.GetValueOrDefault(install.Meter, []), calendar, ct)));
        return meters;
    }

    private async Task<RegisterCurve> CurveAsync(MeterInstall install, Slot span, IReadOnlyList<MeterEvent> breaks, LocalCalendar calendar, CancellationToken ct)
    {
        RegisterCurve curve = new(await readings.ReadAroundAsync(install.Meter, span.Start, span.End, ct), breaks, calendar);
        var wider = Hung(install, curve.ReadingsFor(span), span);
        return wider == span ? curve : new(await readings.ReadAroundAsync(install.Meter, wider.Start, wider.End, ct), breaks, calendar);
    }

    // What the meter told where it hung before or after is another household's, and fills no gap here.
    private static Slot Hung(MeterInstall install, Slot wider, Slot span) => new(
        Instant.Min(span.Start, Instant.Max(wider.Start, install.From)), Instant.Max(span.End, install.To is { } to ? Instant.Min(wider.End, to) : wider.End));
}
