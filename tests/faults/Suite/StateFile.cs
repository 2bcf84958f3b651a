using System.Text.Json;

namespace Grid.Faults;

/// <summary>What a whole run has done so far: a JSON line a seed, so that it may be stopped and gone on with.</summary>
internal sealed class StateFile(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    public IReadOnlyList<Result> Read() => File.Exists(path)
        ? [.. File.ReadLines(path).Where(line => line.EndsWith('}')).Select(line => JsonSerializer.Deserialize<Result>(line, Json)!)]
        : [];

    public void Append(Result result)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, JsonSerializer.Serialize(result, Json) + "\n");
    }

    public void Forget() => File.Delete(path);
}
