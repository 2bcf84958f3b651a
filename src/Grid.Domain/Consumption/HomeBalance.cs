namespace Grid.Domain;

/// <summary>Where a home's energy of one span came from and went (METHOD.md rule 1.10). Whole watt-hours.</summary>
/// <param name="MadeWh">By its panels.</param>
/// <param name="ChargedWh">Into its battery.</param>
/// <param name="DischargedWh">Out of it.</param>
/// <param name="EvWh">Into its cars; part of what is used.</param>
public sealed record HomeBalance(long ImportWh, long ExportWh, long MadeWh, long ChargedWh, long DischargedWh, long EvWh)
{
    public static readonly HomeBalance Nothing = new(0, 0, 0, 0, 0, 0);

    /// <summary>By everything in the home but its battery.</summary>
    public long UsedWh => ImportWh - ExportWh + MadeWh + DischargedWh - ChargedWh;

    /// <summary>Share of what the panels made that did not leave by the main meter; null if they made nothing.</summary>
    public double? SelfConsumption => MadeWh > 0 ? Math.Clamp(1 - ((double)ExportWh / MadeWh), 0, 1) : null;

    /// <summary>Share of what was used that the grid did not deliver; null if nothing was used.</summary>
    public double? SelfSufficiency => UsedWh > 0 ? Math.Clamp(1 - ((double)ImportWh / UsedWh), 0, 1) : null;

    /// <summary>Two spans together.</summary>
    public static HomeBalance operator +(HomeBalance one, HomeBalance other) => new(
        one.ImportWh + other.ImportWh, one.ExportWh + other.ExportWh, one.MadeWh + other.MadeWh, one.ChargedWh + other.ChargedWh, one.DischargedWh + other.DischargedWh, one.EvWh + other.EvWh);

    /// <param name="flows">The energies of the home's meters in the same span, each with its kind. What is no main meter and hangs behind none is left out.</param>
    /// <returns>Null if one of them is unknown, or filled by other days (which tell of the gap, and not of this span), or none is a main meter.</returns>
    public static HomeBalance? Of(IEnumerable<(MeterKind Kind, SlotEnergy Energy)> flows)
    {
        var (hasMain, tellsExport, balance) = (false, true, Nothing);
        foreach (var (kind, energy) in flows)
        {
            if (kind is not MeterKind.Main && !kind.MayHangBehindMain()) continue;
            if (energy.ImportWh is not { } importWh || energy.Quality is Quality.SimilarDay) return null;
            var exportWh = energy.ExportWh ?? 0;
            // What a panel's inverter draws at night is used in the home.
            switch (kind)
            {
                case MeterKind.Main:
                    hasMain = true;
                    tellsExport &= energy.ExportWh is not null;
                    balance = balance with { ImportWh = balance.ImportWh + importWh, ExportWh = balance.ExportWh + exportWh };
                    break;
                case MeterKind.Pv:
                    if (energy.ExportWh is null) return null;
                    balance = balance with { MadeWh = balance.MadeWh + exportWh };
                    break;
                case MeterKind.Battery:
                    if (energy.ExportWh is null) return null;
                    balance = balance with { ChargedWh = balance.ChargedWh + importWh, DischargedWh = balance.DischargedWh + exportWh };
                    break;
                default:
                    balance = balance with { EvWh = balance.EvWh + importWh - exportWh };
                    break;
            }
        }

        // What left a home that makes something must be known; from one that makes nothing, nothing leaves.
        return hasMain && (tellsExport || balance is { MadeWh: 0, DischargedWh: 0 }) ? balance : null;
    }
}
