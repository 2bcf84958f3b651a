using System.Globalization;
using System.Text.Json;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Typed steps over one JSON object of a scenario file; each says by name what it does not like.</summary>
internal sealed class ScenarioMembers
{
    private readonly string _file;
    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

    public ScenarioMembers(string file, string path, JsonElement element, IEnumerable<string> allowed)
    {
        (_file, _path) = (file, path);
        if (element.ValueKind is not JsonValueKind.Object) throw new ScenarioFaultException(file, path.Length > 0 ? path : null, "it is no JSON object.");
        var known = allowed.ToArray();
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal)) throw Fault(member.Name, $"there is no such member here; there are {string.Join(", ", known)}.");
            if (!_members.TryAdd(member.Name, member.Value)) throw Fault(member.Name, "it stands twice.");
        }
    }

    public ScenarioFaultException Fault(string member, string what) => new(_file, PathOf(member), what);

    public bool Has(string member) => _members.ContainsKey(member);

    public string Text(string member, string? usual = null) =>
        !_members.TryGetValue(member, out var value) ? usual ?? throw Fault(member, "it is missing: give a text.")
        : value.ValueKind is JsonValueKind.String ? value.GetString()!
        : throw Fault(member, $"{Shown(value)} is no text.");

    public long Whole(string member, long? usual, long min, long max) =>
        !_members.TryGetValue(member, out var value) ? usual ?? throw Fault(member, FormattableString.Invariant($"it is missing: give a whole number from {min} to {max}."))
        : value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= min && whole <= max ? whole
        : throw Fault(member, FormattableString.Invariant($"{Shown(value)} is no whole number from {min} to {max}."));

    public double Real(string member, double usual, double min, double max) =>
        !_members.TryGetValue(member, out var value) ? usual
        : value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var real) && real >= min && real <= max ? real
        : throw Fault(member, FormattableString.Invariant($"{Shown(value)} is no number from {min} to {max}."));

    public bool Flag(string member, bool usual) =>
        !_members.TryGetValue(member, out var value) ? usual
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Fault(member, $"{Shown(value)} is neither true nor false.");

    public Instant Utc(string member) =>
        UtcText.TryParse(Text(member), out var at) ? at : throw Fault(member, $"'{Text(member)}' is no UTC instant such as 2026-11-24T13:30:00Z.");

    public JsonElement? Element(string member) => _members.TryGetValue(member, out var value) ? value : null;

    public string PathOf(string member) => _path.Length == 0 ? member : $"{_path}.{member}";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => value.GetRawText() is { Length: > 40 } text ? text[..40] + "..." : value.GetRawText(),
    };
}

/// <summary>Hours as scenario files write them.</summary>
internal static class Hours
{
    public static Duration Of(double hours) => Duration.FromMilliseconds((long)Math.Round(hours * 3_600_000));

    public static string Show(Duration length) => length.TotalHours.ToString("0.##", CultureInfo.InvariantCulture) + " h";
}
