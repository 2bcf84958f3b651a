using Grid.Domain;

namespace Grid.Storage;

// Tables that carry more than a Domain type does. Those that carry exactly one are mapped from it directly.

internal sealed class NeighbourhoodRow
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    public required string Name { get; set; }

    public required string TimeZone { get; set; }
}

/// <summary>One row that rises with every change of the registry.</summary>
internal sealed class RegistryVersionRow
{
    public const int OnlyId = 1;

    public int Id { get; set; } = OnlyId;

    public long Version { get; set; }
}

internal sealed class BuildingRow
{
    public required string Name { get; set; }
}

internal sealed class GatewayRow
{
    public required GatewayName Name { get; set; }

    public byte[]? SecretHash { get; set; }

    /// <summary>Its secret was taken away, and nobody has given it another since.</summary>
    public bool IsRevoked { get; set; }
}

internal sealed class TenancyRow
{
    public int Id { get; set; }

    public Guid Account { get; set; }

    public HouseholdId Household { get; set; }

    public LocalDate From { get; set; }

    public LocalDate? To { get; set; }
}

internal sealed class SequenceRow
{
    public GatewayName Gateway { get; set; }

    public long Epoch { get; set; }

    /// <summary>As <see cref="SequenceSet"/> spells it.</summary>
    public required string Ranges { get; set; }
}

/// <summary>Which node settled a shard of gateways last.</summary>
internal sealed class GatewayShardRow
{
    public long Shard { get; set; }

    public required string Node { get; set; }
}

internal sealed class MeterEventRow
{
    public GatewayName Gateway { get; set; }

    /// <summary>Empty where the event concerns the gateway alone.</summary>
    public required string Meter { get; set; }

    public MeterEventKind Kind { get; set; }

    public Instant At { get; set; }

    public long? ClosingWh { get; set; }

    public long? OpeningWh { get; set; }

    public long? ByMs { get; set; }
}

internal sealed class GapRow
{
    public GatewayName Gateway { get; set; }

    public long Epoch { get; set; }

    public long From { get; set; }

    public long To { get; set; }

    public Instant NoticedAt { get; set; }

    public GapEnd? End { get; set; }

    public Instant? EndedAt { get; set; }
}

internal sealed class CorrectionRow
{
    public long Number { get; set; }

    public MeterName Meter { get; set; }

    public Instant From { get; set; }

    public Instant To { get; set; }

    /// <summary>Null if rejected.</summary>
    public long? ImportWh { get; set; }

    public long? ExportWh { get; set; }

    public long? BeforeImportWh { get; set; }

    public long? BeforeExportWh { get; set; }

    public Quality BeforeQuality { get; set; }

    public required string MadeBy { get; set; }

    public required string MadeBecause { get; set; }

    public Instant MadeAt { get; set; }

    public string? UndoneBy { get; set; }

    public string? UndoneBecause { get; set; }

    public Instant? UndoneAt { get; set; }
}

internal sealed class TouchedDayRow
{
    public MeterName Meter { get; set; }

    public LocalDate Day { get; set; }

    public long Revision { get; set; }
}

internal sealed class HouseholdDayRow
{
    public HouseholdId Household { get; set; }

    public LocalDate Day { get; set; }

    public long? ImportWh { get; set; }

    public long? ExportWh { get; set; }

    public Quality Quality { get; set; }

    /// <summary>See <see cref="SlotPacking"/>.</summary>
    public required byte[] Slots { get; set; }

    /// <summary>Of the household's balance, with what follows; null where it has none. What it drew and fed in is the day's.</summary>
    public long? MadeWh { get; set; }

    public long? ChargedWh { get; set; }

    public long? DischargedWh { get; set; }

    public long? EvWh { get; set; }

    public short KnownSlots { get; set; }

    public short MeasuredSlots { get; set; }

    public long Revision { get; set; }

    public bool Published { get; set; }

    /// <summary>It leans on other days, which decide how a gap in it is filled.</summary>
    public bool Filled { get; set; }

    /// <summary>The invariants hold, or a violation says that they do not.</summary>
    public bool Checked { get; set; }
}

internal sealed class ViolationRow
{
    public HouseholdId Household { get; set; }

    public LocalDate Day { get; set; }

    public long RegisterWh { get; set; }

    public long? SlotsWh { get; set; }

    public Instant NoticedAt { get; set; }
}

internal sealed class FeederViolationRow
{
    public MeterName Feeder { get; set; }

    public LocalDate Day { get; set; }

    public long FeederWh { get; set; }

    public long BehindWh { get; set; }

    public Instant NoticedAt { get; set; }
}

internal sealed class ResultRow
{
    public ResultKind Kind { get; set; }

    /// <summary>The household; empty for the neighbourhood.</summary>
    public required string Subject { get; set; }

    public required string Period { get; set; }

    public int Version { get; set; }

    public Instant CreatedAt { get; set; }

    public required byte[] Json { get; set; }

    public string? Changes { get; set; }

    public static string SubjectOf(HouseholdId? household) => household?.Value ?? "";
}

internal sealed class JobRunRow
{
    public required string Job { get; set; }

    public required string Period { get; set; }

    public int Version { get; set; }

    public required string Inputs { get; set; }

    public RunState State { get; set; }

    public required string Node { get; set; }

    public Instant StartedAt { get; set; }

    public Instant? EndedAt { get; set; }

    public int Done { get; set; }

    public int Total { get; set; }

    public string? Outcome { get; set; }
}

internal sealed class AccessRow
{
    public long Id { get; set; }

    public Instant At { get; set; }

    /// <summary>Refers to no account: the trace stays when that goes.</summary>
    public Guid Account { get; set; }

    public required string What { get; set; }

    public MeterName? Meter { get; set; }

    public Instant From { get; set; }

    public Instant To { get; set; }
}

/// <summary>Whose sum or mean was shown to whom.</summary>
internal sealed class ReleaseRow
{
    public long Id { get; set; }

    /// <summary><see cref="ShownTo.Name"/>.</summary>
    public required string Audience { get; set; }

    public LocalDate From { get; set; }

    public LocalDate To { get; set; }

    public int RuleHomes { get; set; }

    public double RuleShare { get; set; }

    /// <summary>The homes that it was made of, by their ids, with commas between.</summary>
    public required string Homes { get; set; }
}

internal sealed class TemperatureRow
{
    public Instant Hour { get; set; }

    public double Celsius { get; set; }

    /// <summary>Rises with every correction.</summary>
    public long Revision { get; set; }
}

/// <summary>One price of a version of a price list; what its rows have in common stands in each.</summary>
internal sealed class TariffPriceRow
{
    public required string Tariff { get; set; }

    public LocalDate From { get; set; }

    public PricePeriod Period { get; set; }

    public decimal EurPerKwh { get; set; }

    public TariffOption Option { get; set; }

    public int KVa { get; set; }

    public decimal SubscriptionPerMonth { get; set; }

    public decimal? FeedInPerKwh { get; set; }

    public decimal VatRate { get; set; }

    public decimal SubscriptionVatRate { get; set; }
}

internal sealed class TempoDayRow
{
    public LocalDate Day { get; set; }

    public TempoColour Colour { get; set; }
}

internal sealed class ContractRow
{
    public HouseholdId Household { get; set; }

    public LocalDate From { get; set; }

    public required string Tariff { get; set; }

    /// <summary>As <see cref="OffPeakHours"/> spells it.</summary>
    public required string OffPeak { get; set; }
}

internal sealed class CarbonIntensityRow
{
    public Instant Hour { get; set; }

    public CarbonKind Kind { get; set; }

    public double GramsPerKwh { get; set; }

    /// <summary>Rises with every correction.</summary>
    public long Revision { get; set; }
}
