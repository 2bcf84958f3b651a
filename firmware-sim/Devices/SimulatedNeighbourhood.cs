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
    /// <summary>As many homes, and as many of each other class.</summary>
    public const int MaxHomes = 20_000;

    private const int HomesABuilding = 24;
    private const int AreaStream = 40;
    private const int PeopleStream = 41;
    private const int OpeningStream = 42;

    /// <summary>Registers count from here unless said: fixed, so that two runs on different days agree.</summary>
    public static readonly Instant DefaultOrigin = Instant.FromUtc(2024, 1, 1, 0, 0);

    private readonly Weather _weather;
    private readonly ConcurrentDictionary<long, UtcDay> _days = new();
    private readonly DateTimeZone _zone;

    /// <param name="seed">Everything follows from it.</param>
    /// <param name="homes">1 to <see cref="MaxHomes"/>.</param>
    /// <param name="timeZone">IANA name of the zone whose clocks the homes live by.</param>
    /// <param name="origin">When the meters were hung; a whole UTC half-hour. Readings before it do not exist.</param>
    /// <exception cref="FormatException">The time zone is not known.</exception>
    public SimulatedNeighbourhood(long seed, int homes, string timeZone = LocalCalendar.DefaultZone, Instant? origin = null, string name = "Simulated neighbourhood")
        : this(seed, new Composition { Homes = homes }, timeZone, origin, name) => ArgumentOutOfRangeException.ThrowIfLessThan(homes, 1);

    /// <summary>A neighbourhood of more than homes; its homes are the same that it would have without the rest.</summary>
    public SimulatedNeighbourhood(long seed, Composition composition, string timeZone = LocalCalendar.DefaultZone, Instant? origin = null, string name = "Simulated neighbourhood")
    {
        if (composition.Homes is < 0 or > MaxHomes) throw new ArgumentOutOfRangeException(nameof(composition), composition.Homes, $"0 to {MaxHomes} homes.");
        (Seed, TimeZone, Origin, Name) = (seed, timeZone, origin ?? DefaultOrigin, name);
        if (Origin.ToUnixTimeMilliseconds() % 1_800_000 != 0) throw new ArgumentException("The origin is a whole UTC half-hour.", nameof(origin));
        _weather = new(seed);
        _zone = LocalCalendar.For(timeZone).Zone;
        Homes = [.. Enumerable.Range(1, composition.Homes).Select(Home)];
        Gateways = [.. new NeighbourhoodPlan(this, composition).Gateways()];
        Registry = [.. Gateways.SelectMany(g => g.Meters).Select(m => new RegistryRow(Name, TimeZone, m.Household, m.Install))];
    }

    public long Seed { get; }

    public string Name { get; }

    public string TimeZone { get; }

    public Instant Origin { get; }

    public IReadOnlyList<SimulatedHome> Homes { get; }

    /// <summary>Every gateway with the meters that it reads: homes first.</summary>
    public IReadOnlyList<SimulatedGateway> Gateways { get; }

    /// <summary>What a registry import needs to know these meters.</summary>
    public IReadOnlyList<RegistryRow> Registry { get; }

    /// <summary>The hours from <paramref name="from"/> to before <paramref name="to"/>: the weather that the heating answers to.</summary>
    public IEnumerable<HourlyTemperature> Temperatures(Instant from, Instant to) => _weather.Hours(from, to);

    internal static string Numbered(string prefix, int number, int digits) => prefix + "-" + number.ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    internal UtcDay DayOf(long day) => _days.GetOrAdd(day, static (wanted, from) => UtcDay.Of(wanted, from._weather, from._zone), this);

    internal long OpeningWh(long number) => (long)(Chance.Unit(Seed, OpeningStream, number) * 20_000_000);

    private SimulatedHome Home(int number)
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
        return new(Seed, number, household, GatewayName.Parse(Numbered("gw", number, 4)), MeterName.Parse(Numbered("m", number, 4)), Origin, DayOf);
    }
}

/// <summary>A gateway and the meters that it reads.</summary>
public sealed record SimulatedGateway(GatewayName Name, IReadOnlyList<SimulatedMeter> Meters);
