using System.CommandLine;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>What a recording does not say of its households, for the registry that it can write.</summary>
internal sealed class RegistryOptions
{
    private readonly Option<string?> _out = new("--registry-out")
    {
        Description = "Write the recording's households as a registry (.csv or .json) for the server's 'registry import', and end. Give the other options as for the replay.",
        HelpName = "FILE",
    };

    private readonly Option<string> _neighbourhood = new("--neighbourhood") { Description = "Neighbourhood in that registry.", DefaultValueFactory = _ => "Replayed neighbourhood" };
    private readonly Option<string> _building = new("--building") { Description = "Building in that registry.", DefaultValueFactory = _ => "b-01" };
    private readonly Option<string> _dwelling = new("--dwelling") { Description = "apartment, house, office, shop or common.", DefaultValueFactory = _ => "house" };
    private readonly Option<string> _heating = new("--heating") { Description = "electric or other.", DefaultValueFactory = _ => "other" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_out, _neighbourhood, _building, _dwelling, _heating]) command.Options.Add(option);
        _dwelling.Validators.Add(result =>
        {
            if (!RegistryColumns.TryParse(result.GetValueOrDefault<string>() ?? "", out DwellingKind _)) result.AddError("--dwelling: give apartment, house, office, shop or common.");
        });
        _heating.Validators.Add(result =>
        {
            if (!RegistryColumns.TryParse(result.GetValueOrDefault<string>() ?? "", out HeatingKind _)) result.AddError("--heating: give electric or other.");
        });
    }

    /// <returns>False if no registry was asked for.</returns>
    public bool Write(ParseResult parsed, IReadOnlyList<IntervalSeries> recording, ReplayOptions options, string timeZone)
    {
        if (parsed.GetValue(_out) is not { } path) return false;
        _ = RegistryColumns.TryParse(parsed.GetValue(_dwelling)!, out DwellingKind dwelling);
        _ = RegistryColumns.TryParse(parsed.GetValue(_heating)!, out HeatingKind heating);
        RegistryRow[] rows = [.. recording.Select(series =>
        {
            var household = new Household(HouseholdId.Parse(series.Household), parsed.GetValue(_building)!, dwelling, heating, null, null);
            return new RegistryRow(parsed.GetValue(_neighbourhood)!, timeZone, household, new(
                MeterName.Parse(options.MeterPrefix + series.Household), MeterKind.Main, options.GatewayOf(series.Household), household.Id, series.Intervals[0].Start, null));
        })];
        RegistryFile.Write(path, rows);
        ProgressView.Line($"{path}: {ProgressView.Count(recording.Count, "meter")}. Import it with 'registry import {path}'.");
        return true;
    }
}
