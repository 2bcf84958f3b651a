using Grid.Domain;

namespace Grid.Wire;

/// <summary>What a recording file does not say itself.</summary>
public sealed record RecordingOptions
{
    /// <summary>Null: told by the header.</summary>
    public RecordingFormat? Format { get; init; }

    /// <summary>The household of a file that holds one and does not name it. Null: the PRM of an Enedis file, else the file's name.</summary>
    public string? Household { get; init; }

    /// <summary>Whose local days a daily file counts.</summary>
    public string TimeZone { get; init; } = LocalCalendar.DefaultZone;

    /// <summary>The value column of a daily file. Null: the first named <c>…_wh</c>, <c>kwh…</c> or <c>…_kwh</c>.</summary>
    public string? ValueColumn { get; init; }

    /// <summary>The interval's length where the file's own stamps do not tell it, as with a single row. Null: told by the stamps.</summary>
    public Duration? Interval { get; init; }
}

/// <summary>The layouts of recorded consumption that can be read.</summary>
public enum RecordingFormat
{
    /// <summary>The CSV that Enedis customers download: <c>Horodate;Valeur</c>, mean watts.</summary>
    EnedisCsv = 1,

    /// <summary><c>household,interval_end,wh</c>: one row an interval.</summary>
    LongCsv = 2,

    /// <summary><c>interval_end,&lt;household&gt;,…</c>: one column a household.</summary>
    WideCsv = 3,

    /// <summary><c>day,…</c>: one row a local day.</summary>
    DailyCsv = 4,
}
