namespace Grid.Portal;

public sealed class PortalOptions
{
    public const string Section = "Grid:Portal";

    /// <summary>Where operators find the dashboards; their page links to it. Default: none.</summary>
    public Uri? GrafanaUrl { get; set; }
}
