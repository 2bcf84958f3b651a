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
        foreach (var install in installs) meters.Add(new(install, await CurveAsync(install.Meter, span, breaks.GetValueOrDefault(install.Meter, []), calendar, ct)));
        return meters;
    }

    private async Task<RegisterCurve> CurveAsync(MeterName meter, Slot span, IReadOnlyList<MeterEvent> breaks, LocalCalendar calendar, CancellationToken ct)
    {
        RegisterCurve curve = new(await readings.ReadAroundAsync(meter, span.Start, span.End, ct), breaks, calendar);
        var wider = curve.ReadingsFor(span);
        return wider == span ? curve : new(await readings.ReadAroundAsync(meter, wider.Start, wider.End, ct), breaks, calendar);
    }
}
