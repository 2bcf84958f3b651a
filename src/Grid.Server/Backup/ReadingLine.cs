using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Server;

/// <summary>A reading as a line of a backup; the tariff registers as <see cref="TariffRegisters"/> spells them.</summary>
internal sealed record ReadingLine(string Meter, string At, long ImportWh, long? ExportWh = null, string? TariffWh = null, double? PowerW = null, double? VoltageV = null)
{
    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static byte[] Of(Reading reading) => JsonSerializer.SerializeToUtf8Bytes(
        new ReadingLine(
            reading.Meter.Value, UtcText.Format(reading.At), reading.Registers.ImportWh, reading.Registers.ExportWh, reading.Registers.TariffWh?.ToString(), reading.PowerW, reading.VoltageV),
        Form);

    /// <exception cref="FormatException">The line is no reading.</exception>
    public static Reading Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var read = JsonSerializer.Deserialize<ReadingLine>(line, Form) ?? throw new FormatException("null is no reading.");
            return UtcText.TryParse(read.At, out var at)
                ? new(MeterName.Parse(read.Meter), at, new(read.ImportWh, read.ExportWh, read.TariffWh is { } tariffs ? TariffRegisters.Parse(tariffs) : null), read.PowerW, read.VoltageV)
                : throw new FormatException($"'{read.At}' is no UTC instant.");
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            throw new FormatException(fault.Message, fault);
        }
    }
}
