namespace Grid.Domain;

/// <summary>How a value came about. A store keeps the number, the wire the name.</summary>
public enum Quality : byte
{
    /// <summary>No data: the value is null, never zero.</summary>
    Unknown = 0,
    Measured = 1,

    /// <summary>Some slots are unknown: the value is what the known ones hold.</summary>
    Partial = 2,

    /// <summary>The energy is measured, its place within the gap is not.</summary>
    Interpolated = 3,
    SimilarDay = 4,
    Manual = 5,
    Rejected = 6,
}

public static class QualityNames
{
    /// <summary>The name in the HTTP contract and in InfluxDB.</summary>
    public static string Name(this Quality quality) => quality switch
    {
        Quality.Measured => "measured",
        Quality.Partial => "partial",
        Quality.Interpolated => "interpolated",
        Quality.SimilarDay => "similar-day",
        Quality.Manual => "manual",
        Quality.Rejected => "rejected",
        _ => "unknown",
    };

    /// <summary>
    /// The quality of a whole made of parts: unknown if all are unknown, partial if some are, else the weakest of them.
    /// </summary>
    public static Quality Whole(IEnumerable<Quality> parts)
    {
        bool anyUnknown = false, anyKnown = false;
        var weakest = Quality.Measured;
        foreach (var part in parts)
        {
            if (part is Quality.Unknown) anyUnknown = true;
            else
            {
                anyKnown = true;
                if (weakest is not Quality.Partial && (part is Quality.Partial || part > weakest)) weakest = part;
            }
        }

        if (!anyKnown) return Quality.Unknown;
        return anyUnknown ? Quality.Partial : weakest;
    }
}
