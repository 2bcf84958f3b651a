using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Where a home's energy of one span came from and went (METHOD.md rule 1.10). Whole watt-hours.</summary>
/// <param name="MadeWh">By its panels.</param>
/// <param name="ChargedWh">Into its battery.</param>
/// <param name="DischargedWh">Out of it.</param>
/// <param name="EvWh">Into its cars; part of what is used.</param>
public sealed record HomeBalance(long ImportWh, long ExportWh, long MadeWh, long ChargedWh, long DischargedWh, long EvWh)
{
    /// <summary>By everything in the home but its battery.</summary>
    public long UsedWh => ImportWh - ExportWh + MadeWh + DischargedWh - ChargedWh;

    /// <summary>Share of what the panels made that did not leave by the main meter; null if they made nothing.</summary>
    public double? SelfConsumption => MadeWh > 0 ? Math.Clamp(1 - ((double)ExportWh / MadeWh), 0, 1) : null;

    /// <summary>Share of what was used that the grid did not deliver; null if nothing was used.</summary>
    public double? SelfSufficiency => UsedWh > 0 ? Math.Clamp(1 - ((double)ImportWh / UsedWh), 0, 1) : null;

    /// <param name="flows">The energies of the home's meters in the same span, each with its kind. Sub-meters are parts of others, and are left out.</param>
    /// <returns>Null if one of them is unknown, or none is a main meter.</returns>
    public static HomeBalance? Of(IEnumerable<(MeterKind Kind, SlotEnergy Energy)> flows)
    {
        var (hasMain, balance) = (false, new HomeBalance(0, 0, 0, 0, 0, 0));
        foreach (var (kind, energy) in flows)
        {
            if (kind is MeterKind.SubMeter or MeterKind.StreetLighting or MeterKind.Feeder) continue;
            if (energy.ImportWh is not { } importWh) return null;
            var exportWh = energy.ExportWh ?? 0;
            // What a panel's inverter draws at night is used in the home.
            switch (kind)
            {
                case MeterKind.Main:
                    hasMain = true;
                    balance = balance with { ImportWh = balance.ImportWh + importWh, ExportWh = balance.ExportWh + exportWh };
                    break;
                case MeterKind.Pv:
                    balance = balance with { MadeWh = balance.MadeWh + exportWh };
                    break;
                case MeterKind.Battery:
                    balance = balance with { ChargedWh = balance.ChargedWh + importWh, DischargedWh = balance.DischargedWh + exportWh };
                    break;
                default:
                    balance = balance with { EvWh = balance.EvWh + importWh - exportWh };
                    break;
            }
        }

        return hasMain ? balance : null;
    }
}
