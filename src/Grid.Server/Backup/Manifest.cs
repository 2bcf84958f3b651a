using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Ingest;

namespace Grid.Server;

/// <summary>What a backup holds; written last, so that a backup without it was not finished.</summary>
/// <param name="Schema">The registry's form; a restore needs a release of the same.</param>
/// <param name="MaxAge">Readings as old as this could still come.</param>
/// <param name="Meters">That have readings.</param>
/// <param name="Journal">Null where the node had none.</param>
internal sealed record Manifest(
    int Format,
    string Schema,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    TimeSpan MaxAge,
    int Meters,
    ReadingTotals Readings,
    IReadOnlyDictionary<string, LineTotals> Tables,
    IReadOnlyList<FileMark> Files,
    JournalTotals? Journal = null)
{
    public const int PresentFormat = 1;

    public static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true,
    };
}

/// <param name="Checksum">A sum in which the order of lines does not matter.</param>
internal sealed record LineTotals(long Rows, string Checksum);

/// <param name="ImportWh">The sum of all import registers: of no use but to be compared.</param>
internal sealed record ReadingTotals(long Count, decimal ImportWh, decimal ExportWh, string Checksum);

internal sealed record FileMark(string Name, long Bytes, string Sha256);
