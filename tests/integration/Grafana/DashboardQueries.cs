using System.Globalization;
using System.Text.Json;
using Grid.Domain;

namespace Grid.IntegrationTests.Grafana;

/// <summary>One query of a panel or a variable, and how its panel bends the range on the screen.</summary>
internal sealed record DashboardQuery(string Dashboard, string Panel, string Query, string? TimeFrom, string? TimeShift, string Interval)
{
    private const string DefaultInterval = "30m";

    /// <summary>Every query of every dashboard.</summary>
    public static IReadOnlyList<DashboardQuery> All { get; } =
        [.. Directory.GetFiles(Path.Combine(Checkout.Root, "grafana", "dashboards"), "*.json").Order(StringComparer.Ordinal).SelectMany(Read)];

    public override string ToString() => $"{Dashboard}, {Panel}: {Query}";

    /// <summary>The statement that Grafana would send.</summary>
    public string Statement(Instant from, Instant to, LocalCalendar calendar)
    {
        if (TimeFrom is not null) from = Back(to, TimeFrom, calendar);
        if (TimeShift is not null) (from, to) = (Back(from, TimeShift, calendar), Back(to, TimeShift, calendar));
        return Query
            .Replace("$timeFilter", $"time >= {from.ToUnixTimeMilliseconds()}ms and time <= {to.ToUnixTimeMilliseconds()}ms", StringComparison.Ordinal)
            .Replace("$__interval_ms", $"{(long)Length(Interval).TotalMilliseconds}", StringComparison.Ordinal)
            .Replace("$__interval", Interval, StringComparison.Ordinal);
    }

    private static IEnumerable<DashboardQuery> Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var dashboard = Path.GetFileName(file);
        return [.. Panels(json.RootElement, dashboard), .. Variables(json.RootElement, dashboard)];
    }

    private static IEnumerable<DashboardQuery> Panels(JsonElement parent, string dashboard)
    {
        if (!parent.TryGetProperty("panels", out var panels)) yield break;
        foreach (var panel in panels.EnumerateArray())
        {
            foreach (var inner in Panels(panel, dashboard)) yield return inner;
            if (!panel.TryGetProperty("targets", out var targets)) continue;
            foreach (var target in targets.EnumerateArray())
            {
                var (from, shift, interval) = (Text(panel, "timeFrom"), Text(panel, "timeShift"), Text(panel, "interval") ?? DefaultInterval);
                yield return new(dashboard, Text(panel, "title")!, Text(target, "query")!, from, shift, interval);
            }
        }
    }

    private static IEnumerable<DashboardQuery> Variables(JsonElement root, string dashboard) => root.GetProperty("templating").GetProperty("list").EnumerateArray()
        .Where(variable => variable.GetProperty("type").ValueEquals("query"))
        .Select(variable => new DashboardQuery(dashboard, $"variable {Text(variable, "name")}", Text(variable, "query")!, null, null, DefaultInterval));

    private static string? Text(JsonElement json, string member) => json.TryGetProperty(member, out var value) ? value.GetString() : null;

    // Days go back on the wall clock, as in Grafana; hours are hours.
    private static Instant Back(Instant at, string step, LocalCalendar calendar) => step[^1] is 'd'
        ? at.InZone(calendar.Zone).LocalDateTime.PlusDays(-Number(step)).InZoneLeniently(calendar.Zone).ToInstant()
        : at - Length(step);

    private static Duration Length(string step) => step[^1] switch
    {
        'm' => Duration.FromMinutes(Number(step)),
        'h' => Duration.FromHours(Number(step)),
        _ => throw new FormatException($"'{step}' is no length of minutes or hours."),
    };

    private static int Number(string step) => int.Parse(step.AsSpan(..^1), CultureInfo.InvariantCulture);
}
