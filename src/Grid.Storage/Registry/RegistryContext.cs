using Grid.Domain;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

/// <summary>The registry database: who lives where, what was aggregated, accounts, key ring. One model, two providers with migrations of their own.</summary>
public abstract class RegistryContext(DbContextOptions options)
    : IdentityDbContext<IdentityUser<Guid>, IdentityRole<Guid>, Guid>(options), IDataProtectionKeyContext
{
    private const int PeriodLength = 64;

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    internal DbSet<NeighbourhoodRow> Neighbourhoods => Set<NeighbourhoodRow>();

    internal DbSet<RegistryVersionRow> Versions => Set<RegistryVersionRow>();

    internal DbSet<BuildingRow> Buildings => Set<BuildingRow>();

    internal DbSet<Household> Households => Set<Household>();

    internal DbSet<MeterInstall> Meters => Set<MeterInstall>();

    internal DbSet<GatewayRow> Gateways => Set<GatewayRow>();

    internal DbSet<TenancyRow> Tenancies => Set<TenancyRow>();

    internal DbSet<SequenceRow> Sequences => Set<SequenceRow>();

    internal DbSet<GatewayShardRow> GatewayShards => Set<GatewayShardRow>();

    internal DbSet<MeterEventRow> MeterEvents => Set<MeterEventRow>();

    internal DbSet<GapRow> Gaps => Set<GapRow>();

    internal DbSet<ClockSkew> ClockSkews => Set<ClockSkew>();

    internal DbSet<QuarantinedItem> Quarantine => Set<QuarantinedItem>();

    internal DbSet<CorrectionRow> Corrections => Set<CorrectionRow>();

    internal DbSet<TouchedDayRow> TouchedDays => Set<TouchedDayRow>();

    internal DbSet<HouseholdDayRow> HouseholdDays => Set<HouseholdDayRow>();

    internal DbSet<ResultRow> Results => Set<ResultRow>();

    internal DbSet<JobRunRow> JobRuns => Set<JobRunRow>();

    internal DbSet<ReleaseRow> Releases => Set<ReleaseRow>();

    internal DbSet<AccessRow> Accesses => Set<AccessRow>();

    internal DbSet<ViolationRow> Violations => Set<ViolationRow>();

    internal DbSet<FeederViolationRow> FeederViolations => Set<FeederViolationRow>();

    internal DbSet<TemperatureRow> Temperatures => Set<TemperatureRow>();

    internal DbSet<TariffPriceRow> TariffPrices => Set<TariffPriceRow>();

    internal DbSet<TempoDayRow> TempoDays => Set<TempoDayRow>();

    internal DbSet<ContractRow> Contracts => Set<ContractRow>();

    internal DbSet<CarbonIntensityRow> CarbonIntensities => Set<CarbonIntensityRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        ColumnTypes.Configure(configurationBuilder);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<NeighbourhoodRow>().Property(r => r.Id).ValueGeneratedNever();
        builder.Entity<RegistryVersionRow>().Property(r => r.Id).ValueGeneratedNever();
        builder.Entity<BuildingRow>().HasKey(r => r.Name);
        builder.Entity<Household>(e =>
        {
            e.HasKey(h => h.Id);
            e.HasOne<BuildingRow>().WithMany().HasForeignKey(h => h.Building);
        });
        builder.Entity<GatewayRow>().HasKey(r => r.Name);
        builder.Entity<MeterInstall>(e =>
        {
            e.HasKey(m => new { m.Meter, m.From });
            e.HasOne<GatewayRow>().WithMany().HasForeignKey(m => m.Gateway);
            e.HasOne<Household>().WithMany().HasForeignKey(m => m.Household);
        });
        builder.Entity<TenancyRow>(e =>
        {
            e.HasOne<IdentityUser<Guid>>().WithMany().HasForeignKey(t => t.Account);
            e.HasOne<Household>().WithMany().HasForeignKey(t => t.Household);
        });
        builder.Entity<GatewayShardRow>(e =>
        {
            e.HasKey(r => r.Shard);
            e.Property(r => r.Shard).ValueGeneratedNever();
        });
        builder.Entity<SequenceRow>().HasKey(r => new { r.Gateway, r.Epoch });
        builder.Entity<MeterEventRow>().HasKey(r => new { r.Gateway, r.Meter, r.Kind, r.At });
        builder.Entity<MeterEventRow>().HasIndex(r => r.Meter);
        builder.Entity<GapRow>(e =>
        {
            e.HasKey(r => new { r.Gateway, r.Epoch, r.From });
            e.HasIndex(r => r.NoticedAt);
        });
        builder.Entity<ClockSkew>().HasKey(s => s.Gateway);
        builder.Entity<QuarantinedItem>(e =>
        {
            e.HasKey(r => r.Id);
            e.Ignore(r => r.IsWhole);
            e.HasIndex(r => r.ReceivedAt);
            e.HasIndex(r => new { r.Gateway, r.ReceivedAt });
            // The few that wait, out of the many that do not.
            e.HasIndex(r => r.ReplayAskedAt).HasFilter("\"ReplayAskedAt\" IS NOT NULL AND \"ReplayedAt\" IS NULL");
        });
        builder.Entity<CorrectionRow>(e =>
        {
            e.HasKey(r => r.Number);
            foreach (var text in (string[])[nameof(CorrectionRow.MadeBy), nameof(CorrectionRow.MadeBecause), nameof(CorrectionRow.UndoneBy), nameof(CorrectionRow.UndoneBecause)])
                e.Property(text).HasMaxLength(Signature.MaxLength);
            e.HasIndex(r => new { r.Meter, r.From });
        });
        builder.Entity<TouchedDayRow>().HasKey(r => new { r.Meter, r.Day });
        builder.Entity<HouseholdDayRow>(e =>
        {
            e.HasKey(r => new { r.Household, r.Day });
            e.HasIndex(r => r.Day);
            e.HasIndex(r => r.Published);
            // The few with filled gaps, out of the many without.
            e.HasIndex(r => r.Filled).HasFilter("\"Filled\"");
            // Those that no check has seen as they are now.
            e.HasIndex(r => r.Checked).HasFilter("NOT \"Checked\"");
        });
        builder.Entity<ResultRow>(e =>
        {
            e.HasKey(r => new { r.Kind, r.Subject, r.Period, r.Version });
            e.Property(r => r.Subject).HasMaxLength(Identifier.MaxLength);
            e.Property(r => r.Period).HasMaxLength(PeriodLength);
            e.HasIndex(r => new { r.Kind, r.Period });
        });
        builder.Entity<JobRunRow>(e =>
        {
            e.HasKey(r => new { r.Job, r.Period, r.Version });
            e.Property(r => r.Job).HasMaxLength(PeriodLength);
            e.Property(r => r.Period).HasMaxLength(PeriodLength);
            e.HasIndex(r => r.StartedAt);
        });
        builder.Entity<ReleaseRow>(e =>
        {
            e.Property(r => r.Audience).HasMaxLength(Identifier.MaxLength);
            e.HasIndex(r => new { r.Audience, r.From });
        });
        builder.Entity<AccessRow>(e =>
        {
            e.Property(r => r.What).HasMaxLength(Identifier.MaxLength);
            e.HasIndex(r => r.At);
        });
        builder.Entity<ViolationRow>().HasKey(r => new { r.Household, r.Day });
        builder.Entity<FeederViolationRow>().HasKey(r => new { r.Feeder, r.Day });
        builder.Entity<TemperatureRow>().HasKey(r => r.Hour);
        builder.Entity<TariffPriceRow>(e =>
        {
            e.HasKey(r => new { r.Tariff, r.From, r.Period });
            e.Property(r => r.Tariff).HasMaxLength(Identifier.MaxLength);
        });
        builder.Entity<TempoDayRow>().HasKey(r => r.Day);
        builder.Entity<ContractRow>(e =>
        {
            e.HasKey(r => new { r.Household, r.From });
            e.Property(r => r.Tariff).HasMaxLength(Identifier.MaxLength);
            e.HasOne<Household>().WithMany().HasForeignKey(r => r.Household);
        });
        builder.Entity<CarbonIntensityRow>().HasKey(r => r.Hour);
    }
}
