using Grid.Domain;

namespace Grid.Wire;

/// <summary>Which home is in which arm of a campaign, in CSV: <c>household,arm</c>.</summary>
public static class ArmsFile
{
    private static readonly Words<bool> Arms = new(("treated", true), ("control", false));

    public static readonly IReadOnlyList<FileColumn> Columns =
    [
        new("household", "household", "Id of the home, as the registry has it."),
        new("arm", "arm", $"{Arms.Choice}."),
    ];

    private const int MaxRows = 100_000;

    /// <returns>For each home whether it is treated.</returns>
    /// <exception cref="FileFaultException">The first row that is at fault, or the file as a whole.</exception>
    public static IReadOnlyDictionary<HouseholdId, bool> Read(string path)
    {
        using HeadedCsv rows = new(path, Columns);
        Dictionary<HouseholdId, bool> arms = [];
        while (rows.Read(MaxRows))
            if (!arms.TryAdd(HouseholdId.Parse(rows.Name("household")), rows.Word("arm", Arms))) throw rows.Fault("household", $"{rows["household"]} stands twice: a home is in one arm.");
        return arms;
    }

    public static IEnumerable<string> Lines(IEnumerable<(HouseholdId Home, bool Treated)> arms) =>
        arms.OrderBy(a => a.Home).Select(a => $"{a.Home},{Arms.NameOf(a.Treated)}").Prepend("household,arm");
}
