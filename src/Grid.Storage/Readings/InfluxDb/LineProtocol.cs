using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Grid.Storage;

/// <summary>
/// Writes InfluxDB lines with millisecond stamps. Tag values come from <see cref="Domain.Identifier"/>s, in which nothing needs
/// escaping; anything else is refused rather than escaped, so that no input can end a line.
/// </summary>
internal sealed class LineProtocol(IBufferWriter<byte> output)
{
    private bool _hasField;

    public LineProtocol Start(string measurement, string tag, string value)
    {
        if (!Domain.Identifier.IsValid(value)) throw new ArgumentException("A tag value must be an identifier.", nameof(value));
        Text(measurement);
        Byte(',');
        Text(tag);
        Byte('=');
        Text(value);
        _hasField = false;
        return this;
    }

    public LineProtocol Field(string name, long? value)
    {
        if (value is not { } number) return this;
        Name(name);
        var span = output.GetSpan(24);
        Utf8Formatter.TryFormat(number, span, out var written);
        output.Advance(written);
        Byte('i');
        return this;
    }

    public LineProtocol Field(string name, double? value)
    {
        if (value is not { } number) return this;
        if (!double.IsFinite(number)) throw new ArgumentException("A field must be finite.", nameof(value));
        Name(name);
        var span = output.GetSpan(32);
        Utf8Formatter.TryFormat(number, span, out var written);
        output.Advance(written);
        return this;
    }

    public LineProtocol Field(string name, string? value)
    {
        if (value is null) return this;
        if (value.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0) throw new ArgumentException("A text field must be printable ASCII.", nameof(value));
        Name(name);
        Byte('"');
        Text(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));
        Byte('"');
        return this;
    }

    public void End(Instant at)
    {
        if (!_hasField) throw new InvalidOperationException("A line needs a field.");
        Byte(' ');
        var span = output.GetSpan(24);
        Utf8Formatter.TryFormat(at.ToUnixTimeMilliseconds(), span, out var written);
        output.Advance(written);
        Byte('\n');
    }

    private void Name(string name)
    {
        Byte(_hasField ? ',' : ' ');
        _hasField = true;
        Text(name);
        Byte('=');
    }

    private void Text(string text) => output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private void Byte(char c)
    {
        output.GetSpan(1)[0] = (byte)c;
        output.Advance(1);
    }
}
