using System.Globalization;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.Server;

/// <summary>What a campaign changed, for a terminal and for programs.</summary>
internal static class CampaignText
{
    public static string Json(CampaignResult result, bool quasi) => JsonSerializer.Serialize(new
    {
        treated = result.Treated,
        control = result.Control,
        treatedLost = result.TreatedLost,
        controlLost = result.ControlLost,
        quasiExperimental = quasi,
        hidden = result.Hidden?.Name(),
        changeKwhPerDay = Of(result.Change),
        share = Of(result.Share),
        laggedDependentKwhPerDay = Of(result.Finer),
        minimumDetectableKwhPerDay = result.MinimumDetectable is { } least ? Rounded(least) : (double?)null,
        placeboKwhPerDay = Of(result.Placebo),
        savedKwh = Of(result.SavedKwh),
    });

    public static string Lines(CampaignResult result, bool quasi)
    {
        List<string> lines = [$"At least {Counted.Of(result.Treated, "treated home")} and {result.Control} of the control count; {Lost(result.TreatedLost)} and {Lost(result.ControlLost)} do not, for want of months."];
        if (result.Hidden is { } hidden) lines.Add($"What they did is not told: {hidden.Name()}.{Advice(hidden)}");
        else if (result.Change is not { } change) lines.Add("Nothing can be computed: the homes do not differ.");
        else
        {
            lines.Add($"Change                 {Text(change, "0.000")} kWh a day and home{(result.Share is { } share ? $", {Text(share.Of(0.01), "0.0")} %" : "")}");
            lines.Add(change.HoldsZero ? "                       The interval holds 0: no change is proven." : change.Value < 0 ? "                       The treated homes used less." : "                       The treated homes used more.");
            if (result.Finer is { } finer) lines.Add($"By the year before     {Text(finer, "0.000")} kWh a day and home");
            if (result.MinimumDetectable is { } least) lines.Add(FormattableString.Invariant($"Could have been found  {least:0.000} kWh a day and home, four times in five"));
            if (result.Placebo is { } placebo) lines.Add($"Placebo                {Text(placebo, "0.000")} kWh a day and home{(placebo.HoldsZero ? "" : ": the arms changed apart before anything was done, do not trust the change")}");
            else lines.Add("Placebo                not told: one home makes up too much of what changed before, or nothing did");
            if (result.SavedKwh is { } saved) lines.Add($"Saved by the treated   {Text(saved, "0")} kWh in all");
        }

        if (quasi) lines.Add("Quasi-experimental: the arms were not drawn by lot.");
        return string.Join('\n', lines);
    }

    private static string Lost(int homes) => homes == 0 ? "fewer than 5" : $"at least {homes}";

    private static string Advice(Suppression hidden) => hidden switch
    {
        Suppression.TooFewHomes => $" Each arm needs {ReleaseRule.Totals.Homes} homes.",
        Suppression.CouldBeSubtracted => " Nearly the same homes have been told of already, or the arms are not alike in what everybody is told: evaluate a campaign once, when it is over.",
        _ => "",
    };

    // To the watt-hour, and without error and degrees of freedom: these would tell the exact number of homes.
    private static object? Of(Effect? effect) => effect is { } e ? new { value = Rounded(e.Value), low = Rounded(e.Low), high = Rounded(e.High) } : null;

    private static double Rounded(double value) => Math.Round(value, 3);

    private static string Text(Effect e, string form)
    {
        return $"{Figure(e.Value)} [{Figure(e.Low)}, {Figure(e.High)}]";

        string Figure(double value) => value.ToString(form, CultureInfo.InvariantCulture);
    }
}
