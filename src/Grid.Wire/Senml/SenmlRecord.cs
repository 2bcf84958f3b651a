using System.Globalization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// One record as it is being read, JSON or CBOR. A base field at fault refuses the message, as every record after it leans on it;
/// a field of the record alone is noted and refuses its reading.
/// </summary>
internal sealed class SenmlRecord
{
    /// <summary>Longer than any name or unit that could be ours.</summary>
    public const int MaxText = 256;

    private const int OwnVersion = 10;

    private readonly Dictionary<SenmlField, string> _texts = [];
    private readonly Dictionary<SenmlField, SenmlNumber> _numbers = [];
    private HashSet<string>? _unknown;
    private int _seen;
    private int _bad;

    public int UnknownFields => _unknown?.Count ?? 0;

    /// <summary>False for a record of base fields alone, which is no measurement.</summary>
    public bool IsMeasurement => Enumerable.Range((int)SenmlField.Name, (int)SenmlField.UpdateTime - (int)SenmlField.Name + 1).Any(f => Seen((SenmlField)f));

    public SenmlField? Open(string label) => Open(SenmlFields.Of(label), label);

    public SenmlField? Open(long label) => Open(SenmlFields.Of(label), label.ToString(CultureInfo.InvariantCulture));

    /// <param name="text">Null: it is none, or too long.</param>
    public void Take(SenmlField field, string? text)
    {
        if (text is null) Bad(field);
        else _texts[field] = text;
    }

    /// <param name="number">Null: it is none, not finite, or beyond all measure.</param>
    public void Take(SenmlField field, SenmlNumber? number)
    {
        if (number is not { } good) Bad(field);
        else _numbers[field] = good;
        if (field == SenmlField.BaseVersion && number?.Value > OwnVersion) throw new FaultException(Reason.UnsupportedTopic, "a later version of SenML");
    }

    public string? Text(SenmlField field) => IsBad(field) ? throw new FaultException(Reason.BadValue, field.Label()) : _texts.GetValueOrDefault(field);

    public SenmlNumber? Number(SenmlField field) =>
        IsBad(field) ? throw new FaultException(Reason.BadValue, field.Label()) : _numbers.TryGetValue(field, out var number) ? number : null;

    private SenmlField? Open(SenmlField? field, string label)
    {
        if (field is { } known)
        {
            if (Seen(known)) throw new FaultException(Reason.DuplicateMember, known.Label());
            _seen |= 1 << (int)known;
        }
        else if (label.EndsWith('_')) throw new FaultException(Reason.UnsupportedTopic, "a SenML field that must be understood"); // RFC 8428, 4.4
        else if (!(_unknown ??= new(StringComparer.Ordinal)).Add(label)) throw new FaultException(Reason.DuplicateMember, "in a record");
        return field;
    }

    private void Bad(SenmlField field)
    {
        if (field < SenmlField.Name) throw new FaultException(Reason.BadValue, field.Label());
        _bad |= 1 << (int)field;
    }

    private bool Seen(SenmlField field) => (_seen & (1 << (int)field)) != 0;

    private bool IsBad(SenmlField field) => (_bad & (1 << (int)field)) != 0;
}
