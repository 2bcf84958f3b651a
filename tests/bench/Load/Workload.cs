using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Grid.Benchmarks;

/// <summary>
/// The readings of a run, each a function of its number, so that nothing is kept and every contender gets the same bytes. Message m
/// comes from gateway m modulo the gateways; a gateway has one meter of the same name, and each reading is a minute after the last.
/// </summary>
internal sealed class Workload
{
    public const int Epoch = 1;
    private const int Minutes = 40 * 24 * 60;
    private const long FirstWh = 10_000_000;

    private readonly byte[][] _names;
    private readonly byte[][] _topics;
    private readonly byte[][] _instants;
    private readonly long _firstMs;

    /// <param name="now">Readings begin 40 days before: within the age that Grid takes unless told otherwise.</param>
    public Workload(int gateways, int readingsAMessage, DateTimeOffset now)
    {
        (Gateways, ReadingsAMessage) = (gateways, readingsAMessage);
        var first = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-40);
        _firstMs = first.ToUnixTimeMilliseconds();
        _names = [.. Enumerable.Range(0, gateways).Select(g => Encoding.ASCII.GetBytes(NameOf(g)))];
        _topics = [.. Enumerable.Range(0, gateways).Select(g => Encoding.ASCII.GetBytes($"grid/v1/{NameOf(g)}/readings"))];
        _instants = [.. Enumerable.Range(0, Minutes).Select(m => Encoding.ASCII.GetBytes(first.AddMinutes(m).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)))];
    }

    public int Gateways { get; }

    public int ReadingsAMessage { get; }

    public int MaxPayloadBytes => 64 + (ReadingsAMessage * 136);

    public int MaxLinesBytes => ReadingsAMessage * 128;

    public static string NameOf(int gateway) => string.Create(CultureInfo.InvariantCulture, $"bench-{gateway:D5}");

    /// <summary>What Grid's <c>registry import</c> reads.</summary>
    public static string RegistryCsv(int gateways)
    {
        var csv = new StringBuilder("neighbourhood,time_zone,building,household,dwelling,heating,area_m2,occupants,meter,meter_kind,gateway,installed_from,installed_to\n");
        for (var g = 0; g < gateways; g++)
            csv.Append(CultureInfo.InvariantCulture, $"Bench,Europe/Paris,b-01,h-{g:D5},apartment,electric,60,2,{NameOf(g)},main,{NameOf(g)},2000-01-01T00:00:00Z,\n");
        return csv.ToString();
    }

    public int GatewayOf(long message) => (int)(message % Gateways);

    public long SeqOf(long message) => (message / Gateways) + 1;

    public byte[] TopicOf(long message) => _topics[GatewayOf(message)];

    /// <summary>Instants of a message's readings, in milliseconds.</summary>
    public IEnumerable<long> InstantsOf(long message) =>
        Enumerable.Range(0, ReadingsAMessage).Select(i => _firstMs + (((message / Gateways * ReadingsAMessage) + i) * 60_000));

    /// <summary>Instants in milliseconds with their registers, as <see cref="WritePayload"/> writes them.</summary>
    public IEnumerable<(long AtMs, long ImportWh)> ValuesOf(long message) =>
        Enumerable.Range(0, ReadingsAMessage).Select(i => (message / Gateways * ReadingsAMessage) + i).Select(minute => (_firstMs + (minute * 60_000), FirstWh + (minute * 7)));

    public int WritePayload(long message, Span<byte> to)
    {
        var name = _names[GatewayOf(message)];
        var turn = message / Gateways;
        var at = new SpanWriter(to);
        at.Put("{\"epoch\":1,\"seq\":"u8).Put(turn + 1).Put(",\"readings\":["u8);
        for (var i = 0; i < ReadingsAMessage; i++)
        {
            var minute = (turn * ReadingsAMessage) + i;
            if (minute >= Minutes) throw new InvalidOperationException("The run is too long: its readings would lie in the future.");
            at.Put(i == 0 ? "{\"meter\":\""u8 : ",{\"meter\":\""u8).Put(name).Put("\",\"at\":\""u8).Put(_instants[minute])
                .Put("\",\"importWh\":"u8).Put(FirstWh + (minute * 7)).Put(",\"exportWh\":0,\"powerW\":"u8).Put(400 + (minute % 64))
                .Put(",\"voltageV\":231."u8).Put(minute % 10).Put("}"u8);
        }

        return at.Put("]}"u8).Written;
    }

    /// <summary>The same readings as InfluxDB's lines, as Grid and the bridges write them.</summary>
    public int WriteLines(long message, Span<byte> to)
    {
        var name = _names[GatewayOf(message)];
        var turn = message / Gateways;
        var at = new SpanWriter(to);
        for (var i = 0; i < ReadingsAMessage; i++)
        {
            var minute = (turn * ReadingsAMessage) + i;
            at.Put("reading,meter="u8).Put(name).Put(" import_wh="u8).Put(FirstWh + (minute * 7)).Put("i,export_wh=0i,power_w="u8).Put(400 + (minute % 64))
                .Put(",voltage_v=231."u8).Put(minute % 10).Put(" "u8).Put(_firstMs + (minute * 60_000)).Put("\n"u8);
        }

        return at.Written;
    }
}

/// <summary>Puts bytes and numbers one after another.</summary>
internal ref struct SpanWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Written { get; private set; }

    [UnscopedRef]
    public ref SpanWriter Put(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Written..]);
        Written += bytes.Length;
        return ref this;
    }

    [UnscopedRef]
    public ref SpanWriter Put(long number)
    {
        Utf8Formatter.TryFormat(number, _to[Written..], out var written);
        Written += written;
        return ref this;
    }
}
