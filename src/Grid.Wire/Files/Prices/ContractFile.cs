using Grid.Domain;

namespace Grid.Wire;

/// <summary>The households' contracts in CSV: <c>household,from,tariff,off_peak</c>.</summary>
public static class ContractFile
{
    public static readonly IReadOnlyList<FileColumn> Columns =
    [
        new("household", "household", "Id of the household, as the registry has it."),
        new("from", "from", "First local day of the contract, such as 2026-02-01. It holds until the household's next one."),
        new("tariff", "tariff", "Name of its price list. Empty where a contract ends and no other begins, as when people move out."),
        new("off_peak", "offPeak", "Off-peak hours of an hphc contract by the clock on the wall, such as 22:00-06:00, or 12:30-14:30 22:00-04:00. If empty, 22:00-06:00.", Optional: true),
    ];

    private const int MaxRows = 100_000;

    /// <exception cref="FileFaultException">The first row that is at fault, or the file as a whole.</exception>
    public static IReadOnlyList<Contract> Read(string path)
    {
        using HeadedCsv rows = new(path, Columns);
        Dictionary<(HouseholdId, LocalDate), Contract> contracts = [];
        while (rows.Read(MaxRows))
        {
            var (household, from) = (HouseholdId.Parse(rows.Name("household")), rows.Day("from"));
            var offPeak = OffPeakHours.Night;
            if (!rows.IsEmpty("off_peak") && !OffPeakHours.TryParse(rows["off_peak"], out offPeak))
                throw rows.Fault("off_peak", $"'{rows["off_peak"]}' are no hours: write 22:00-06:00, and a blank before the next span.");
            if (!contracts.TryAdd((household, from), new(household, from, rows.IsEmpty("tariff") ? "" : rows.Name("tariff"), offPeak)))
                throw rows.Fault("from", $"{household} has another contract from {rows["from"]}: give one a day.");
        }

        return [.. contracts.Values];
    }
}
