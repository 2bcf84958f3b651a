using System.Collections.Concurrent;
using System.Globalization;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// Homes that exist only as arithmetic: the same seed and origin give the same registers, temperatures and registry, on any
/// machine and in any order of asking. Homes alternate between electric and other heating.
/// </summary>
public sealed class SimulatedNeighbourhood
{
    public const int MaxHomes = 9_999;

    private const int HomesABuilding = 24;
    private const int AreaStream = 40;
    private const int PeopleStream = 41;

    /// <summary>Registers count from here unless said: fixed, so that two runs on different days agree.</summary>
    public static readonly Instant DefaultOrigin = Instant.FromUtc(2024, 1, 1, 0, 0);

    private readonly Weather _weather;
    private readonly ConcurrentDictionary<long, UtcDay> _days = new();

    /// <param name="seed">Everything follows from it.</param>
    /// <param name="homes">1 to <see cref="MaxHomes"/>.</param>
    /// <param name="timeZone">IANA name of the zone whose clocks the homes live by.</param>
    /// <param name="origin">When the meters were hung; a whole UTC half-hour. Readings before it do not exist.</param>
    /// <exception cref="FormatException">The time zone is not known.</exception>
    public SimulatedNeighbourhood(long seed, int homes, string timeZone = LocalCalendar.DefaultZone, Instant? origin = null, string name = "Simulated neighbourhood")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(homes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(homes, MaxHomes);
        (Seed, TimeZone, Origin, Name) = (seed, timeZone, origin ?? DefaultOrigin, name);
        if (Origin.ToUnixTimeMilliseconds() % 1_800_000 != 0) throw new ArgumentException("The origin is a whole UTC half-hour.", nameof(origin));
        _weather = new(seed);
        var zone = LocalCalendar.For(timeZone).Zone;
        Homes = [.. Enumerable.Range(1, homes).Select(number => Home(number, zone))];
        Registry = [.. Homes.Select(home => new RegistryRow(Name, TimeZone, home.Household, new(home.Meter, MeterKind.Main, home.Gateway, home.Household.Id, Origin, null)))];
    }

    public long Seed { get; }

    public string Name { get; }

    public string TimeZone { get; }

    public Instant Origin { get; }

    public IReadOnlyList<SimulatedHome> Homes { get; }

    /// <summary>What a registry import needs to know these homes.</summary>
    public IReadOnlyList<RegistryRow> Registry { get; }

    /// <summary>The hours from <paramref name="from"/> to before <paramref name="to"/>: the weather that the heating answers to.</summary>
    public IEnumerable<HourlyTemperature> Temperatures(Instant from, Instant to) => _weather.Hours(from, to);

    private SimulatedHome Home(int number, DateTimeZone zone)
    {
        var area = 35 + (int)(Chance.Unit(Seed, AreaStream, number) * 61);
        var people = 1 + (int)(Chance.Unit(Seed, PeopleStream, number) * Math.Min(5, area / 18.0));
        var household = new Household(
            HouseholdId.Parse(Numbered("h", number, 4)),
            Numbered("b", ((number - 1) / HomesABuilding) + 1, 2),
            DwellingKind.Apartment,
            number % 2 == 1 ? HeatingKind.Electric : HeatingKind.Other,
            area,
            people);
        return new(
            Seed, number, household, GatewayName.Parse(Numbered("gw", number, 4)), MeterName.Parse(Numbered("m", number, 4)), Origin,
            day => _days.GetOrAdd(day, static (wanted, from) => UtcDay.Of(wanted, from._weather, from.Zone), (_weather, Zone: zone)));
    }

    private static string Numbered(string prefix, int number, int digits) => prefix + "-" + number.ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
