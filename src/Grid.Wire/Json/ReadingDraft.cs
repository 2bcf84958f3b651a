using System.Text.Json;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>One reading while it is being read: what is known of it so far names it in quarantine if the rest is at fault.</summary>
internal struct ReadingDraft
{
    private long? _importWh;
    private long? _exportWh;
    private TariffRegisters? _tariffWh;
    private double? _powerW;
    private double? _voltageV;

    public MeterName? Meter { get; private set; }

    public Instant? At { get; private set; }

    public Reading Read(ref Utf8JsonReader reader, ref int unknown)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new FaultException(Reason.BadValue, "a reading is no object");
        var members = new Members();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = IndexOf(ref reader);
            if (!members.Add(ref reader, member)) throw new FaultException(Reason.DuplicateMember, "in a reading");
            reader.Read();
            if (member < 0)
            {
                unknown++;
                JsonValues.Skip(ref reader);
            }
            else Take(ref reader, member);
        }

        return new(
            Meter ?? throw new FaultException(Reason.MissingMember, "meter"),
            At ?? throw new FaultException(Reason.MissingMember, "at"),
            new(_importWh ?? throw new FaultException(Reason.MissingMember, "importWh"), _exportWh, _tariffWh),
            _powerW,
            _voltageV);
    }

    private static int IndexOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("meter"u8) ? 0
        : reader.ValueTextEquals("at"u8) ? 1
        : reader.ValueTextEquals("importWh"u8) ? 2
        : reader.ValueTextEquals("exportWh"u8) ? 3
        : reader.ValueTextEquals("tariffWh"u8) ? 4
        : reader.ValueTextEquals("powerW"u8) ? 5
        : reader.ValueTextEquals("voltageV"u8) ? 6
        : -1;

    private void Take(ref Utf8JsonReader reader, int member)
    {
        switch (member)
        {
            case 0:
                Span<char> text = stackalloc char[Identifier.MaxLength];
                var name = text[..JsonValues.Text(ref reader, "meter", text)];
                Meter = Identifier.IsValid(name) ? MeterName.Parse(name.ToString()) : throw new FaultException(Reason.BadValue, "meter");
                break;
            case 1:
                Span<char> stamp = stackalloc char[32];
                At = UtcText.TryParse(stamp[..JsonValues.Text(ref reader, "at", stamp)], out var at)
                    ? at
                    : throw new FaultException(Reason.BadValue, "at");
                break;
            case 2:
                _importWh = JsonValues.Whole(ref reader, "importWh", 0, Registers.MaxWh);
                break;
            case 3:
                _exportWh = JsonValues.Whole(ref reader, "exportWh", 0, Registers.MaxWh);
                break;
            case 4:
                _tariffWh = Tariffs(ref reader);
                break;
            case 5:
                _powerW = JsonValues.Real(ref reader, "powerW", -WireLimits.MaxPowerW, WireLimits.MaxPowerW);
                break;
            default:
                _voltageV = JsonValues.Real(ref reader, "voltageV", 0, WireLimits.MaxVoltageV);
                break;
        }
    }

    private static TariffRegisters Tariffs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new FaultException(Reason.BadValue, "tariffWh");
        var members = new Members();
        List<(string, long)> registers = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!members.Add(ref reader, -1)) throw new FaultException(Reason.DuplicateMember, "in tariffWh");
            var name = reader.GetString();
            reader.Read();
            if (!Identifier.IsValid(name) || registers.Count == TariffRegisters.MaxCount) throw new FaultException(Reason.BadValue, "tariffWh");
            registers.Add((name, JsonValues.Whole(ref reader, "tariffWh", 0, Registers.MaxWh)));
        }

        return registers.Count > 0 ? new(registers) : throw new FaultException(Reason.BadValue, "tariffWh");
    }
}
