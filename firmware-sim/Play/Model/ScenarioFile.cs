using System.Text.Json;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>Reads scenario files, and knows those that come with the simulator.</summary>
public static class ScenarioFile
{
    private const long MaxBytes = 1 << 20;
    private const double MaxHours = 24 * 366;

    private static readonly string[] TopMembers = ["name", "description", "seed", "start", "hours", "intervalSeconds", "readingsPerMessage", "timeZone", "composition", "faults"];
    private static readonly string[] CompositionMembers = ["homes", "byUse", "tariffs", "offices", "shops", "commonAreas", "pv", "batteries", "evChargers", "streetLights", "feeders"];

    /// <summary>Every member that a file may have outside its faults.</summary>
    internal static IEnumerable<string> Members => TopMembers.Concat(CompositionMembers);

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "scenarios");

    /// <summary>The scenarios that come with the simulator, by name.</summary>
    public static IReadOnlyList<Scenario> All() => [.. Directory.GetFiles(Shipped, "*.json").Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>A shipped scenario by its name, or a file by its path.</summary>
    /// <exception cref="ScenarioFaultException">There is none, or it is at fault.</exception>
    public static Scenario Open(string nameOrPath)
    {
        var shipped = Path.Combine(Shipped, nameOrPath + ".json");
        if (Identifier.IsValid(nameOrPath) && File.Exists(shipped)) return Read(shipped);
        if (File.Exists(nameOrPath)) return Read(nameOrPath);
        var names = string.Join(", ", Directory.GetFiles(Shipped, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        throw new ScenarioFaultException(nameOrPath, null, $"it is no file, and no scenario that comes with the simulator; those are {names}.");
    }

    /// <exception cref="ScenarioFaultException">The file says what is not allowed, or leaves out what it must say.</exception>
    public static Scenario Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new ScenarioFaultException(path, null, "it is over 1 MiB.");
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new ScenarioFaultException(path, null, $"it cannot be read ({unread.Message}).");
        }
    }

    /// <param name="file">Named in what is said of faults.</param>
    public static Scenario Parse(string file, ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException broken)
        {
            throw new ScenarioFaultException(file, null, FormattableString.Invariant($"line {(broken.LineNumber ?? 0) + 1} is no JSON."));
        }

        using (document) return Read(file, new(file, "", document.RootElement, TopMembers));
    }

    private static Scenario Read(string file, ScenarioMembers members)
    {
        var scenario = new Scenario
        {
            Name = members.Text("name"),
            Description = members.Text("description", ""),
            Seed = members.Whole("seed", 1, long.MinValue, long.MaxValue),
            Start = members.Utc("start"),
            Length = Hours.Of(members.Has("hours") ? members.Real("hours", 24, 0.5, MaxHours) : throw members.Fault("hours", "it is missing: give how many hours it lasts.")),
            Interval = Duration.FromSeconds(members.Whole("intervalSeconds", 1_800, 1, 86_400)),
            ReadingsPerMessage = (int)members.Whole("readingsPerMessage", 1, 1, WireLimits.MaxReadings),
            TimeZone = members.Text("timeZone", LocalCalendar.DefaultZone),
            Composition = ReadComposition(file, members),
        };
        if (!Identifier.IsValid(scenario.Name)) throw members.Fault("name", $"'{scenario.Name}' is no name: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' are.");
        if (scenario.Start.ToUnixTimeMilliseconds() % 1_800_000 != 0) throw members.Fault("start", "it is no whole half-hour.");
        if (scenario.Length.TotalMilliseconds % 1_800_000 != 0) throw members.Fault("hours", "it is no whole number of half-hours.");
        if (86_400 % (long)scenario.Interval.TotalSeconds != 0) throw members.Fault("intervalSeconds", "it does not divide a day: give 60, 300, 900, 1800, ...");
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(scenario.TimeZone) is null) throw members.Fault("timeZone", $"'{scenario.TimeZone}' is no IANA time zone such as {LocalCalendar.DefaultZone}.");
        // The most readings that one gateway's meters can put into a message.
        if (scenario.ReadingsPerMessage * MostMeters(scenario.Composition) > WireLimits.MaxReadings)
            throw members.Fault("readingsPerMessage", FormattableString.Invariant($"{scenario.ReadingsPerMessage} instants of {MostMeters(scenario.Composition)} meters are over {WireLimits.MaxReadings} readings a message."));
        return scenario with { Faults = ReadFaults(file, members, scenario) };
    }

    private static int MostMeters(Composition c) => 1 + (c.ByUse ? 2 : 0) + (c.Pv > 0 ? 1 : 0) + (c.Batteries > 0 ? 1 : 0) + (c.EvChargers > 0 ? 1 : 0);

    private static Composition ReadComposition(string file, ScenarioMembers parent)
    {
        if (parent.Element("composition") is not { } element) throw parent.Fault("composition", "it is missing: say how many homes, offices, ... there are.");
        var members = new ScenarioMembers(file, "composition", element, CompositionMembers);
        var homes = Count("homes", SimulatedNeighbourhood.MaxHomes);
        var composition = new Composition
        {
            Homes = homes,
            ByUse = members.Flag("byUse", false),
            Tariffs = members.Flag("tariffs", false),
            Offices = Count("offices", 10_000),
            Shops = Count("shops", 10_000),
            CommonAreas = Count("commonAreas", 10_000),
            Pv = Count("pv", homes),
            Batteries = Count("batteries", homes),
            EvChargers = Count("evChargers", homes),
            StreetLights = Count("streetLights", 10_000),
            Feeders = Count("feeders", 100),
        };
        if (composition.Gateways == 0) throw parent.Fault("composition", "nobody is there: give at least one home, office, shop, common area, street light or feeder.");
        return composition;

        int Count(string member, int most) => (int)members.Whole(member, 0, 0, most);
    }

    private static IReadOnlyList<ScenarioFault> ReadFaults(string file, ScenarioMembers parent, Scenario scenario)
    {
        if (parent.Element("faults") is not { } list) return [];
        if (list.ValueKind is not JsonValueKind.Array) throw parent.Fault("faults", "it is no list.");
        return [.. list.EnumerateArray().Select((element, index) => ReadFault(file, FormattableString.Invariant($"faults[{index}]"), element, scenario))];
    }

    private static ScenarioFault ReadFault(string file, string path, JsonElement element, Scenario scenario)
    {
        if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty("kind", out var kindElement) || kindElement.ValueKind is not JsonValueKind.String)
            throw new ScenarioFaultException(file, path + ".kind", $"it is missing: give one of {string.Join(", ", FaultMembers.Names)}.");
        var kind = FaultMembers.Parse(kindElement.GetString()!)
            ?? throw new ScenarioFaultException(file, path + ".kind", $"'{kindElement.GetString()}' is no fault; there are {string.Join(", ", FaultMembers.Names)}.");
        var members = new ScenarioMembers(file, path, element, FaultMembers.Of(kind));
        var fault = new ScenarioFault
        {
            Kind = kind,
            Share = members.Real("share", 1, 0, 1),
            Gateways = ReadGateways(members, scenario),
            Probability = members.Real("probability", 1, 0, 1),
            From = Hours.Of(members.Real("fromHour", 0, 0, scenario.Length.TotalHours)),
            To = members.Has("toHour") ? Hours.Of(members.Real("toHour", 0, 0, scenario.Length.TotalHours)) : null,
            Seconds = kind switch
            {
                FaultKind.Delay => (int)members.Whole("seconds", 3_600, 1, 31 * 86_400),
                FaultKind.ClockSkew => (int)members.Whole("seconds", null, -400 * 86_400, 400 * 86_400),
                _ => 0,
            },
            Messages = (int)members.Whole("messages", 4, 2, 1_000),
            Times = (int)members.Whole("times", 1, 1, 100),
            Clock = kind is FaultKind.ClockJump ? members.Utc("clock") : null,
            OpeningWh = members.Whole("openingWh", 0, 0, Registers.MaxWh / 10),
            ModulusWh = members.Whole("modulusWh", 1_000_000_000, 100_000_000, Registers.MaxWh / 10),
            Notice = members.Flag("notice", kind is FaultKind.MeterSwap),
        };
        if (fault.To < fault.From) throw members.Fault("toHour", "it lies before fromHour.");
        if (members.Has("share") && fault.Gateways is not null) throw members.Fault("share", "give either a share or gateways.");
        return fault;
    }

    private static List<string>? ReadGateways(ScenarioMembers members, Scenario scenario)
    {
        if (members.Element("gateways") is not { } list) return null;
        if (list.ValueKind is not JsonValueKind.Array || list.GetArrayLength() == 0) throw members.Fault("gateways", "it is no list of gateway names.");
        List<string> names = [];
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.String || !GatewayName.TryParse(item.GetString(), out var name)) throw members.Fault("gateways", $"{item.GetRawText()} is no gateway name.");
            names.Add(name.Value);
        }

        var there = new SimulatedNeighbourhood(scenario.Seed, scenario.Composition, scenario.TimeZone).Gateways.Select(g => g.Name.Value).ToHashSet(StringComparer.Ordinal);
        return names.Find(name => !there.Contains(name)) is { } absent
            ? throw members.Fault("gateways", $"the composition has no gateway {absent}; homes are gw-0001 and on, offices gw-o-0001, shops gw-s-0001, common areas gw-c-0001, street lights gw-l-0001, feeders gw-f-0001.")
            : names;
    }
}
