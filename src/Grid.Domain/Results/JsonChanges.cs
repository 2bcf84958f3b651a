using System.Text.Json.Nodes;

namespace Grid.Domain;

/// <summary>What differs between two versions of a result.</summary>
public static class JsonChanges
{
    /// <returns>A JSON array of <c>{"path":"energy.importWh","from":…,"to":…}</c> in order of the paths; an absent value is null.</returns>
    public static string Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        JsonArray changes = [];
        Compare("", JsonNode.Parse(before), JsonNode.Parse(after), changes);
        return changes.ToJsonString();
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, JsonArray changes)
    {
        if (before is JsonObject one && after is JsonObject other)
        {
            foreach (var name in one.Select(m => m.Key).Union(other.Select(m => m.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal))
                Compare(path.Length == 0 ? name : $"{path}.{name}", one[name], other[name], changes);
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            changes.Add(new JsonObject { ["path"] = path, ["from"] = before?.DeepClone(), ["to"] = after?.DeepClone() });
        }
    }
}
