namespace Grid.Faults;

/// <summary>Gateways <c>bench-00000</c> and on, each with one meter of its name; registered once for all rows by Grid's own commands.</summary>
internal sealed class Neighbourhood
{
    public const int Gateways = 40;

    private readonly string _directory;

    private Neighbourhood(string directory, GridAccess access) => (_directory, Access) = (directory, access);

    public GridAccess Access { get; }

    public static async Task<Neighbourhood> RegisterAsync(string directory, CancellationToken ct) =>
        new(directory, await GridAccess.CreateAsync(directory, Gateways, ct));

    public static GatewayName Gateway(int number) => GatewayName.Parse(Workload.NameOf(number));

    public static MeterName Meter(int number) => MeterName.Parse(Workload.NameOf(number));

    public static IEnumerable<MeterName> Meters => Enumerable.Range(0, Gateways).Select(Meter);

    /// <summary>A copy of what was registered, as a data directory to start on.</summary>
    public string CopyTo(string directory)
    {
        Access.CopyDataTo(directory);
        return directory;
    }

    /// <summary>A directory for servers that all rows share.</summary>
    public string Of(string name) => Path.Combine(_directory, name);
}
