using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Grid.Storage;

/// <summary>The registry in a SQLite file.</summary>
public sealed class SqliteRegistryContext(DbContextOptions<SqliteRegistryContext> options) : RegistryContext(options);

/// <summary>The registry in PostgreSQL.</summary>
public sealed class PostgresRegistryContext(DbContextOptions<PostgresRegistryContext> options) : RegistryContext(options);

/// <summary>For <c>dotnet ef migrations</c>, which needs the model and never a database.</summary>
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteRegistryContext>
{
    public SqliteRegistryContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteRegistryContext>().UseSqlite("Data Source=:memory:").Options);
}

/// <inheritdoc cref="SqliteDesign"/>
internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresRegistryContext>
{
    public PostgresRegistryContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresRegistryContext>().UseNpgsql("Host=127.0.0.1").Options);
}
