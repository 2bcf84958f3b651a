namespace Grid.Server;

internal sealed record DemoOptions(int Port, int MqttPort, int Households, int HistoryDays, string DataDirectory, int Seed)
{
    /// <summary>What the server is told: everything embedded, and room for the history's age.</summary>
    public Dictionary<string, string?> Settings() => new(StringComparer.Ordinal)
    {
        ["Grid:DataDirectory"] = DataDirectory,
        ["Grid:Url"] = FormattableString.Invariant($"http://localhost:{Port}"),
        ["Grid:Roles"] = "broker,ingest,jobs,portal",
        ["Grid:Broker:Kind"] = "Embedded",
        ["Grid:Broker:Port"] = FormattableString.Invariant($"{MqttPort}"),
        ["Grid:Store:Kind"] = "Embedded",
        ["Grid:Registry:Kind"] = "Sqlite",
        ["Grid:Ingest:MaxAge"] = TimeSpan.FromDays(HistoryDays + 40).ToString("c"),
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Error",
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None", // "not ready yet" is no fault while the history comes in
    };
}
