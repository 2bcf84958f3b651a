using Grid.Domain;

namespace Grid.Wire;

/// <summary>Resolves records against the base fields before them and gathers those of one meter and instant into one reading.</summary>
/// <param name="now">What times below 2^28 are relative to (RFC 8428, 4.5.3).</param>
internal sealed class SenmlPack(Instant now)
{
    private const decimal RelativeBelow = 268_435_456;
    private static readonly decimal FirstMs = Instant.FromUtc(1, 1, 1, 0, 0).ToUnixTimeMilliseconds();
    private static readonly decimal LastMs = Instant.FromUtc(9999, 12, 31, 23, 59, 59).ToUnixTimeMilliseconds();

    private readonly Dictionary<(MeterName, Instant), SenmlReading> _byKey = [];
    private readonly List<SenmlReading> _readings = [];
    private string _baseName = "";
    private string? _baseUnit;
    private SenmlNumber _baseTime = new(0, true);
    private SenmlNumber _baseValue = new(0, true);

    /// <summary>Fields and names of records that are not ours: ignored and counted.</summary>
    public int Unknown { get; private set; }

    /// <param name="from">First byte of the record in the payload.</param>
    /// <param name="end">The byte after its last.</param>
    public void Take(SenmlRecord record, int from, int end)
    {
        Unknown += record.UnknownFields;
        _baseName = record.Text(SenmlField.BaseName) ?? _baseName;
        _baseUnit = record.Text(SenmlField.BaseUnit) ?? _baseUnit;
        _baseTime = record.Number(SenmlField.BaseTime) ?? _baseTime;
        _baseValue = record.Number(SenmlField.BaseValue) ?? _baseValue;
        if (!record.IsMeasurement) return;

        MeterName? meter = null;
        Instant? at = null;
        SenmlReading? reading = null;
        try
        {
            (meter, var quantity) = NameOf(record);
            if (!SenmlReading.Knows(quantity))
            {
                Unknown++;
                return;
            }

            at = TimeOf(record);
            reading = Find(meter.Value, at.Value, from);
            reading.Cover(end);
            reading.Take(quantity, record.Text(SenmlField.Unit) ?? _baseUnit, ValueOf(record));
        }
        catch (FaultException fault) when (fault.Fault.Reason is not Reason.TooManyReadings)
        {
            if (reading is null) Add(reading = new(meter, at, from)); // a record whose reading nobody can tell stands alone
            reading.Cover(end);
            reading.Fault ??= fault.Fault;
        }
    }

    public DecodedReadings Finish(Envelope envelope)
    {
        List<Reading> readings = new(_readings.Count);
        List<FaultyReading> faulty = [];
        for (var i = 0; i < _readings.Count; i++)
        {
            var (reading, fault) = _readings[i].Finish();
            if (reading is not null) readings.Add(reading);
            else faulty.Add(new(i, _readings[i].Meter, _readings[i].At, fault!, _readings[i].From, _readings[i].Length));
        }

        return new(envelope.Epoch, envelope.Seq, readings, null, faulty, Unknown);
    }

    private (MeterName Meter, string Quantity) NameOf(SenmlRecord record)
    {
        var name = _baseName + record.Text(SenmlField.Name);
        if (name.Length == 0) throw new FaultException(Reason.MissingMember, "n");
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && MeterName.TryParse(name[..slash], out var meter) ? (meter, name[(slash + 1)..]) : throw new FaultException(Reason.BadValue, "n");
    }

    private Instant TimeOf(SenmlRecord record)
    {
        var time = Sum(_baseTime, record.Number(SenmlField.Time) ?? new(0, true));
        var ms = time.Value * 1000;
        if (time.Value < RelativeBelow) ms += now.ToUnixTimeMilliseconds();
        return time.Exact && ms >= FirstMs && ms <= LastMs && decimal.Truncate(ms) == ms
            ? Instant.FromUnixTimeMilliseconds((long)ms)
            : throw new FaultException(Reason.BadValue, "t");
    }

    private SenmlNumber ValueOf(SenmlRecord record) =>
        Sum(_baseValue, record.Number(SenmlField.Value) ?? throw new FaultException(Reason.MissingMember, "v"));

    private static SenmlNumber Sum(SenmlNumber a, SenmlNumber b)
    {
        var sum = a.Value + b.Value;
        return new(sum, a.Exact && b.Exact && sum - a.Value == b.Value && sum - b.Value == a.Value); // decimal rounds past 28 digits without a word
    }

    private SenmlReading Find(MeterName meter, Instant at, int from)
    {
        if (_byKey.TryGetValue((meter, at), out var found)) return found;
        var added = new SenmlReading(meter, at, from);
        Add(added);
        return _byKey[(meter, at)] = added;
    }

    private void Add(SenmlReading reading)
    {
        if (_readings.Count == WireLimits.MaxReadings) throw new FaultException(Reason.TooManyReadings, $"over {WireLimits.MaxReadings}");
        _readings.Add(reading);
    }
}
