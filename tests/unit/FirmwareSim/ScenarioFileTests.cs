using System.Text;
using Grid.FirmwareSim;

namespace Grid.UnitTests.FirmwareSim;

public class ScenarioFileTests
{
    private const string Good = """{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"composition":{"homes":2},"faults":[FAULT]}""";

    [Fact]
    public void Every_scenario_that_comes_along_loads_under_its_own_name_and_says_what_it_is()
    {
        var all = ScenarioFile.All();

        all.Should().HaveCountGreaterThanOrEqualTo(12).And.OnlyContain(s => s.Description.Length > 20);
        foreach (var scenario in all) ScenarioFile.Open(scenario.Name).Name.Should().Be(scenario.Name);
        all.SelectMany(s => s.Faults).Select(f => f.Kind).Distinct().Should().BeEquivalentTo(Enum.GetValues<FaultKind>(), "each kind of fault is in one of them");
    }

    [Fact]
    public void The_readme_beside_them_names_every_member_and_every_fault()
    {
        var readme = File.ReadAllText(Path.Combine(Checkout.Root, "firmware-sim", "scenarios", "README.md"));

        foreach (var word in ScenarioFile.Members.Concat(FaultMembers.Names).Concat(FaultMembers.Common)
                     .Concat(Enum.GetValues<FaultKind>().SelectMany(FaultMembers.Of)).Concat(ScenarioFile.All().Select(s => s.Name)))
            readme.Should().Contain($"`{word}`");
    }

    [Theory]
    [InlineData("""{"kind":"drop","probability":0.5}""", null)]
    [InlineData("""{"kind":"dropp"}""", "x.json, faults[0].kind: 'dropp' is no fault; there are drop, duplicate,*")]
    [InlineData("""{"share":0.5}""", "x.json, faults[0].kind: it is missing*")]
    [InlineData("""{"kind":"drop","seconds":3}""", "x.json, faults[0].seconds: there is no such member here; there are kind, share, gateways, fromHour, toHour, probability.")]
    [InlineData("""{"kind":"drop","share":2}""", "x.json, faults[0].share: 2 is no number from 0 to 1.")]
    [InlineData("""{"kind":"drop","share":1,"share":1}""", "x.json, faults[0].share: it stands twice.")]
    [InlineData("""{"kind":"drop","fromHour":2,"toHour":1}""", "x.json, faults[0].toHour: it lies before fromHour.")]
    [InlineData("""{"kind":"drop","gateways":["gw-0009"]}""", "x.json, faults[0].gateways: the composition has no gateway gw-0009;*")]
    [InlineData("""{"kind":"drop","gateways":["gw-0001"],"share":1}""", "x.json, faults[0].share: give either a share or gateways.")]
    [InlineData("""{"kind":"clock-skew"}""", "x.json, faults[0].seconds: it is missing*")]
    [InlineData("""{"kind":"clock-jump","clock":"1970"}""", "x.json, faults[0].clock: '1970' is no UTC instant*")]
    public void A_fault_is_read_or_its_member_is_named(string fault, string? expected) => Expect(Good.Replace("FAULT", fault, StringComparison.Ordinal), expected);

    [Theory]
    [InlineData("""{"name":"x y","start":"2026-11-10T00:00:00Z","hours":2,"composition":{"homes":2}}""", "x.json, name: 'x y' is no name*")]
    [InlineData("""{"name":"x","hours":2,"composition":{"homes":2}}""", "x.json, start: it is missing*")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:01:00Z","hours":2,"composition":{"homes":2}}""", "x.json, start: it is no whole half-hour.")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":0.7,"composition":{"homes":2}}""", "x.json, hours: it is no whole number of half-hours.")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","composition":{"homes":2}}""", "x.json, hours: it is missing*")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"intervalSeconds":7,"composition":{"homes":2}}""", "x.json, intervalSeconds: it does not divide a day*")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"composition":{"homes":2,"pv":3}}""", "x.json, composition.pv: 3 is no whole number from 0 to 2.")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"composition":{}}""", "x.json, composition: nobody is there*")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"colour":1,"composition":{"homes":2}}""", "x.json, colour: there is no such member here*")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"timeZone":"Paris","composition":{"homes":2}}""", "x.json, timeZone: 'Paris' is no IANA time zone*")]
    [InlineData("""{"name":"x","start":"2026-11-10T00:00:00Z","hours":2,"readingsPerMessage":300,"composition":{"homes":2,"byUse":true}}""", "x.json, readingsPerMessage: 300 instants of 3 meters are over 500*")]
    [InlineData("[]", "x.json: it is no JSON object.")]
    [InlineData("{\n\"name\"", "x.json: line 2 is no JSON.")]
    public void What_a_scenario_must_not_say_is_named(string json, string expected) => Expect(json, expected);

    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are() =>
        FluentActions.Invoking(() => ScenarioFile.Open("quiet-night")).Should().Throw<ScenarioFaultException>().WithMessage("quiet-night*no file*quiet-day*");

    private static void Expect(string json, string? expected)
    {
        var act = () => ScenarioFile.Parse("x.json", Encoding.UTF8.GetBytes(json));

        if (expected is null) act.Should().NotThrow();
        else act.Should().Throw<ScenarioFaultException>().WithMessage(expected);
    }
}
