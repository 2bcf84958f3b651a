using System.Net;
using Grid.Ingest;
using Grid.Jobs;
using Grid.Portal;
using Grid.Storage;

namespace Grid.Server;

/// <summary>Everything that configuration says: section <c>Grid</c>, in the environment <c>Grid__…</c>.</summary>
public sealed class GridOptions
{
    public const string Section = "Grid";

    private static readonly Type[] Choices = [typeof(BrokerKind), typeof(StoreKind), typeof(RegistryKind)];

    /// <summary>Which of <c>broker,ingest,jobs,portal</c> this process is; all unless said, and all but broker where that is external.</summary>
    public string? Roles { get; set; }

    public string RolesInForce => Roles ?? (Broker.Kind is BrokerKind.External ? "ingest,jobs,portal" : "broker,ingest,jobs,portal");

    /// <summary>Where this node keeps its files; outside the checkout unless said.</summary>
    public string DataDirectory { get; set; } = DefaultDataDirectory("grid");

    /// <summary>Address of the portal and the API.</summary>
    public string Url { get; set; } = "http://localhost:8080";

    public BrokerOptions Broker { get; set; } = new();

    public StoreOptions Store { get; set; } = new();

    public RegistryOptions Registry { get; set; } = new();

    public IngestOptions Ingest { get; set; } = new();

    public JobsOptions Jobs { get; set; } = new();

    public WeatherOptions Weather { get; set; } = new();

    public PortalOptions Portal { get; set; } = new();

    /// <summary>With PostgreSQL its nodes share the schedule; else it lies in a file of its own, so that its small writes hold up nobody's.</summary>
    public JobStore JobStore => Registry.Kind is RegistryKind.PostgreSql
        ? new(IsShared: true, Registry.ConnectionString)
        : new(IsShared: false, $"Data Source={Path.Combine(DataDirectory, "jobs.db")}");

    public static string DefaultDataDirectory(string name)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(home.Length > 0 ? home : "/var/lib", name);
    }

    public bool Has(Role role) => RolesOf().Contains(role);

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="BadConfigurationException">With a sentence for each fault, which names its key.</exception>
    public static GridOptions From(IConfiguration configuration)
    {
        GridOptions options;
        try
        {
            options = configuration.GetSection(Section).Get<GridOptions>(b => b.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException wrong)
        {
            throw new BadConfigurationException([Sentence(wrong)]);
        }

        var faults = options.Faults().ToList();
        return faults.Count == 0 ? options : throw new BadConfigurationException(faults);
    }

    public static bool IsLoopback(string host) =>
        host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string Sentence(InvalidOperationException wrong)
    {
        var told = wrong.InnerException is { } inner && !wrong.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{wrong.Message} {inner.Message}" : wrong.Message;
        if (Choices.FirstOrDefault(c => told.Contains($"'{c.FullName}'", StringComparison.Ordinal)) is { } choice) told += $" Use {string.Join(" or ", Enum.GetNames(choice))}.";
        return told.Replace("'ErrorOnUnknownConfiguration' was set on the provided BinderOptions, but the following properties were not found on the instance of ", "There are no such keys for ", StringComparison.Ordinal);
    }

    private IEnumerable<string> Faults()
    {
        foreach (var name in Names())
            if (!Enum.TryParse<Role>(name, ignoreCase: true, out _)) yield return $"Grid:Roles names '{name}': broker, ingest, jobs and portal are the roles.";
        if (Names().Length == 0) yield return "Grid:Roles is empty: broker, ingest, jobs and portal are the roles.";
        if (Has(Role.Ingest) && Broker.Kind is BrokerKind.Embedded && !Has(Role.Broker))
            yield return "Grid:Roles has ingest without broker, but Grid:Broker:Kind is Embedded: add broker, or use External.";
        if (Has(Role.Broker) && Broker.Kind is BrokerKind.External) yield return "Grid:Roles has broker, but Grid:Broker:Kind is External: leave broker out, or use Embedded.";
        if (Has(Role.Broker) && Broker.Kind is BrokerKind.Embedded && !Has(Role.Ingest))
            yield return "Grid:Roles has broker without ingest: the embedded broker hands what it takes to ingest in its own process. Add ingest, or leave broker out.";
        if (DataDirectory.Length == 0) yield return "Grid:DataDirectory is empty.";
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) yield return "Grid:Url must be an address such as http://localhost:8080.";
        else if (url.Scheme is "http" && !IsLoopback(url.Host)) yield return "Grid:Url is plain http and must stay on loopback: use https, or a proxy in front of http://localhost.";
        foreach (var fault in Broker.Faults().Concat(Store.Faults()).Concat(Registry.Faults()).Concat(Ingest.Faults()).Concat(Jobs.Faults()).Concat(Weather.Faults())) yield return fault;
    }

    /// <summary>What works and lets others read along: a sentence each.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Store.Kind is StoreKind.InfluxDb && new Uri(Store.Url) is { Scheme: "http" } store && !IsLoopback(store.Host))
            yield return $"Grid:Store:Url is plain http to {store.Host}: readings{(Store.Password.Length > 0 ? " and Grid:Store:Password" : "")} can be read on the way. Use https.";
        if (Has(Role.Ingest) && Broker is { Kind: BrokerKind.External, Tls: false } && !IsLoopback(Broker.Host))
            yield return $"Grid:Broker:Tls is false for {Broker.Host}: readings and Grid:Broker:Password can be read on the way. Use TLS.";
    }

    private string[] Names() => RolesInForce.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private HashSet<Role> RolesOf() => [.. Names().Select(n => Enum.TryParse<Role>(n, ignoreCase: true, out var role) ? role : (Role?)null).OfType<Role>()];
}

public enum Role
{
    Broker = 1,
    Ingest = 2,
    Jobs = 3,
    Portal = 4,
}

/// <summary>The start stops here: each sentence names the key that is wrong or missing.</summary>
public sealed class BadConfigurationException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults));
