using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grid.Wire;

/// <summary>Registry rows in JSON: an array of objects. Read token by token, so that each row knows its line.</summary>
internal static class RegistryJson
{
    private static readonly (string Name, bool IsNumber)[] Members =
        [.. RegistryColumns.All.Select(c => (c.JsonName, c.JsonName is "areaM2" or "occupants" or "maxPowerW"))];

    public static List<RawRegistryRow> Read(string path, byte[] bytes)
    {
        var json = bytes.AsSpan();
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new FileFaultException(path, 1, null, "a registry in JSON is an array of objects, one for each meter.");
            List<RawRegistryRow> rows = [];
            var (line, counted) = (1L, 0);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var at = (int)reader.TokenStartIndex;
                line += json[counted..at].Count((byte)'\n');
                counted = at;
                if (rows.Count > RegistryFile.MaxRows) break;
                rows.Add(Row(ref reader, line));
            }

            return rows;
        }
        catch (JsonException broken)
        {
            throw new FileFaultException(path, (broken.LineNumber ?? 0) + 1, null, $"it is no JSON at byte {broken.BytePositionInLine} of the line.");
        }
        catch (InvalidOperationException)
        {
            throw new FileFaultException(path, null, null, "it holds text that is not UTF-8: save it as UTF-8.");
        }
    }

    public static void Write(Stream file, IEnumerable<RegistryRow> rows)
    {
        // The file is for people: names keep their accents.
        using (var json = new Utf8JsonWriter(file, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json, rows);
        file.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<RegistryRow> rows)
    {
        json.WriteStartArray();
        foreach (var row in rows)
        {
            var cells = RawRegistryRow.CellsOf(row);
            json.WriteStartObject();
            for (var i = 0; i < cells.Length; i++)
            {
                if (cells[i].Length == 0) continue;
                json.WritePropertyName(Members[i].Name);
                if (Members[i].IsNumber) json.WriteRawValue(cells[i]);
                else json.WriteStringValue(cells[i]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static RawRegistryRow Row(ref Utf8JsonReader reader, long line)
    {
        var cells = Enumerable.Repeat("", Members.Length).ToArray();
        List<RowError> faults = [];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new(line, cells, [new(line, null, "no object: write one with the members of a registry row.")]);
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var index = Array.FindIndex(Members, m => string.Equals(m.Name, name, StringComparison.Ordinal));
            if (!seen.Add(name)) faults.Add(new(line, name, "the member stands twice."));
            if (index < 0) faults.Add(new(line, name, $"no such member: a row has {string.Join(", ", Members.Select(m => m.Name))}."));
            if (index < 0) reader.Skip();
            else if (Value(ref reader, Members[index].IsNumber) is { } value) cells[index] = value.Trim();
            else faults.Add(new(line, name, Members[index].IsNumber ? "write a whole number or null." : "write a text in quotation marks or null."));
        }

        return new(line, cells, faults);
    }

    private static string? Value(ref Utf8JsonReader reader, bool isNumber)
    {
        if (reader.TokenType == JsonTokenType.Null) return "";
        if (!isNumber && reader.TokenType == JsonTokenType.String) return reader.GetString();
        if (isNumber && reader.TokenType == JsonTokenType.Number) return Encoding.UTF8.GetString(reader.ValueSpan);
        reader.Skip();
        return null;
    }
}
