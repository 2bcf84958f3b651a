using Grid.Analytics;

namespace Grid.Jobs;

/// <summary>How long raw readings are kept.</summary>
/// <param name="SettingDays">What the operator asks for.</param>
/// <param name="MaxAge">Readings as old as this still come.</param>
public sealed record KeepRule(int SettingDays, TimeSpan MaxAge)
{
    /// <summary>
    /// A late reading marks a day as old as <see cref="MaxAge"/>, days within reach of it may be filled otherwise by that, and each of these leans on readings within its own
    /// reach. And the forecast looks at what panels made.
    /// </summary>
    public int NeededDays => Math.Max((int)Math.Ceiling(MaxAge.TotalDays) + 1 + (2 * FlatGaps.ReachDays), NextDay.LooksBackDays + 1);

    public int Days => Math.Max(SettingDays, NeededDays);
}
