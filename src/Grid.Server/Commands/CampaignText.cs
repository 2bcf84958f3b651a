using System.Globalization;
using System.Text.Json;
using Grid.Analytics;

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
        minimumDetectableKwhPerDay = result.MinimumDetectable,
        placeboKwhPerDay = Of(result.Placebo),
        savedKwh = Of(result.SavedKwh),
    });

    public static string Lines(CampaignResult result, bool quasi)
    {
        List<string> lines = [$"{Counted.Of(result.Treated, "treated home")} and {result.Control} of the control count; {result.TreatedLost} and {result.ControlLost} do not, for want of months."];
        if (result.Hidden is { } hidden) lines.Add($"What they did is not told: {hidden.Name()}.");
        else if (result.Change is not { } change) lines.Add("Nothing can be computed: the homes do not differ.");
        else
        {
            lines.Add($"Change                 {Text(change, "0.000")} kWh a day and home{(result.Share is { } share ? $", {Text(share.Of(0.01), "0.0")} %" : "")}");
            lines.Add(change.HoldsZero ? "                       The interval holds 0: no change is proven." : change.Value < 0 ? "                       The treated homes used less." : "                       The treated homes used more.");
            if (result.Finer is { } finer) lines.Add($"By the year before     {Text(finer, "0.000")} kWh a day and home");
            if (result.MinimumDetectable is { } least) lines.Add(FormattableString.Invariant($"Could have been found  {least:0.000} kWh a day and home, four times in five"));
            if (result.Placebo is { } placebo) lines.Add($"Placebo                {Text(placebo, "0.000")} kWh a day and home{(placebo.HoldsZero ? "" : ": the arms changed apart before anything was done, do not trust the change")}");
            if (result.SavedKwh is { } saved) lines.Add($"Saved by the treated   {Text(saved, "0")} kWh in all");
        }

        if (quasi) lines.Add("Quasi-experimental: the arms were not drawn by lot.");
        return string.Join('\n', lines);
    }

    private static object? Of(Effect? effect) => effect is { } e ? new { value = e.Value, standardError = e.StandardError, low = e.Low, high = e.High, degreesOfFreedom = e.DegreesOfFreedom } : null;

    private static string Text(Effect e, string form)
    {
        return $"{Figure(e.Value)} [{Figure(e.Low)}, {Figure(e.High)}]";

        string Figure(double value) => value.ToString(form, CultureInfo.InvariantCulture);
    }
}
