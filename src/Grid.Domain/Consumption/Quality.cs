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

    /// <summary>A person said how much it was (METHOD.md rule 1.16).</summary>
    Manual = 5,

    /// <summary>A person said that the readings are wrong: the value is null, never zero.</summary>
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

    /// <summary>The weaker of two that have a value: measured, interpolated, manual, similar-day. What other days have lent stays visible beside what a person said.</summary>
    public static Quality Weaker(Quality one, Quality other) => one is Quality.SimilarDay || other is Quality.SimilarDay ? Quality.SimilarDay : one > other ? one : other;

    /// <summary>True if every watt-hour is accounted for.</summary>
    public static bool IsComplete(this Quality quality) => quality is not (Quality.Unknown or Quality.Partial or Quality.Rejected);

    /// <summary>
    /// The quality of a whole made of parts: partial if some have no value, else the weakest of them. Where none has, rejected if all are, else unknown.
    /// </summary>
    public static Quality Whole(IEnumerable<Quality> parts)
    {
        bool anyUnknown = false, anyRejected = false, anyKnown = false;
        var weakest = Quality.Measured;
        foreach (var part in parts)
        {
            if (part is Quality.Unknown) anyUnknown = true;
            else if (part is Quality.Rejected) anyRejected = true;
            else
            {
                anyKnown = true;
                weakest = weakest is Quality.Partial || part is Quality.Partial ? Quality.Partial : Weaker(weakest, part);
            }
        }

        if (!anyKnown) return anyRejected && !anyUnknown ? Quality.Rejected : Quality.Unknown;
        return anyUnknown || anyRejected ? Quality.Partial : weakest;
    }
}
