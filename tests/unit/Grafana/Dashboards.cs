using System.Text.Json;

namespace Grid.UnitTests.Grafana;

/// <summary>The dashboards of grafana/dashboards, as Grafana would load them.</summary>
internal static class Dashboards
{
    public static string Folder { get; } = FindFolder();

    public static IReadOnlyList<Dashboard> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(Folder, "dashboards"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => new Dashboard(Path.GetFileName(file), Read(file))),
    ];

    public static IReadOnlyList<Panel> Panels { get; } = [.. All.SelectMany(dashboard => dashboard.Panels)];

    public static IReadOnlyList<Query> Queries { get; } = [.. Panels.SelectMany(panel => panel.Queries)];

    private static JsonElement Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.Clone();
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln"))) return Path.Combine(folder.FullName, "grafana");
        throw new DirectoryNotFoundException($"No Grid.sln above {AppContext.BaseDirectory}.");
    }
}

internal sealed record Dashboard(string File, JsonElement Json)
{
    public IReadOnlyList<Panel> Panels => [.. PanelsOf(Json)];

    public string? Text(string member) => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    // A collapsed row holds its panels, an open one stands before them.
    private IEnumerable<Panel> PanelsOf(JsonElement parent) => !parent.TryGetProperty("panels", out var panels)
        ? []
        : panels.EnumerateArray().SelectMany(panel => (IEnumerable<Panel>)[new(this, panel), .. PanelsOf(panel)]);
}

internal sealed record Panel(Dashboard Dashboard, JsonElement Json)
{
    public int Id => Json.GetProperty("id").GetInt32();

    public bool IsRow => Json.GetProperty("type").ValueEquals("row");

    public (int X, int Y, int Right, int Bottom) Place
    {
        get
        {
            var pos = Json.GetProperty("gridPos");
            var (x, y) = (pos.GetProperty("x").GetInt32(), pos.GetProperty("y").GetInt32());
            return (x, y, x + pos.GetProperty("w").GetInt32(), y + pos.GetProperty("h").GetInt32());
        }
    }

    public IReadOnlyList<Query> Queries =>
        Json.TryGetProperty("targets", out var targets) ? [.. targets.EnumerateArray().Select(target => new Query(this, target))] : [];

    public string? Text(string member) => Json.TryGetProperty(member, out var value) ? value.ToString() : null;

    public override string ToString() => $"{Dashboard.File}, {Text("title")}";
}

internal sealed record Query(Panel Panel, JsonElement Json)
{
    public string Text => Json.GetProperty("query").GetString()!;

    public InfluxQlSelect Select => InfluxQlSelect.Parse(Text);

    public override string ToString() => $"{Panel}: {Text}";
}
