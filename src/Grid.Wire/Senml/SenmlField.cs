namespace Grid.Wire;

/// <summary>The fields of a SenML record (RFC 8428, section 4, table 1); the order is ours.</summary>
internal enum SenmlField
{
    BaseVersion,
    BaseName,
    BaseTime,
    BaseUnit,
    BaseValue,
    BaseSum,
    Name,
    Unit,
    Value,
    TextValue,
    BoolValue,
    DataValue,
    Sum,
    Time,
    UpdateTime,
}

internal static class SenmlFields
{
    // The label in JSON and the one in CBOR (RFC 8428, section 6, table 4), in the order of the enumeration.
    private static readonly (string Json, int Cbor)[] Labels =
    [
        ("bver", -1), ("bn", -2), ("bt", -3), ("bu", -4), ("bv", -5), ("bs", -6),
        ("n", 0), ("u", 1), ("v", 2), ("vs", 3), ("vb", 4), ("vd", 8), ("s", 5), ("t", 6), ("ut", 7),
    ];

    public static string Label(this SenmlField field) => Labels[(int)field].Json;

    public static int CborLabel(this SenmlField field) => Labels[(int)field].Cbor;

    public static SenmlField? Of(string label) => Found(Array.FindIndex(Labels, l => string.Equals(l.Json, label, StringComparison.Ordinal)));

    public static SenmlField? Of(long label) => Found(Array.FindIndex(Labels, l => l.Cbor == label));

    public static bool IsText(this SenmlField field) => field is SenmlField.BaseName or SenmlField.BaseUnit or SenmlField.Name or SenmlField.Unit;

    public static bool IsNumber(this SenmlField field) =>
        field is SenmlField.BaseVersion or SenmlField.BaseTime or SenmlField.BaseValue or SenmlField.Value or SenmlField.Time;

    private static SenmlField? Found(int index) => index < 0 ? null : (SenmlField)index;
}
