using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

/// <summary>What a registry file asks for, already checked within itself.</summary>
public sealed record RegistryChange(
    string Neighbourhood, string TimeZone, IReadOnlyList<Household> Households, IReadOnlyList<MeterInstall> Meters);

/// <summary>Changes the registry: each call is one transaction, all or nothing, and raises the version.</summary>
public sealed class RegistryEditor(IDbContextFactory<RegistryContext> contexts)
{
    /// <summary>Adds what is new and updates what is there; what the change does not name stays.</summary>
    /// <returns>What does not fit what the registry holds; nothing was changed if there is any.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(RegistryChange change, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        List<string> faults = [];
        await NeighbourhoodAsync(registry, change, faults, ct);
        await HouseholdsAsync(registry, change, ct);
        await MetersAsync(registry, change, faults, ct);
        if (faults.Count > 0) return faults;
        await RaiseVersionAsync(registry, ct);
        await registry.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [];
    }

    /// <summary>Gives gateways new secrets, creating those that are not there; the old secret ends with the call. One that gets none is revoked.</summary>
    public async Task SetSecretsAsync(IReadOnlyCollection<(GatewayName Gateway, byte[]? Hash)> secrets, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        foreach (var (gateway, hash) in secrets)
        {
            var row = await registry.Gateways.FindAsync([gateway], ct);
            if (row is null) registry.Gateways.Add(row = new() { Name = gateway });
            (row.SecretHash, row.IsRevoked) = (hash, hash is null);
        }

        await RaiseVersionAsync(registry, ct);
        await registry.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <returns>False if there is no such household.</returns>
    public async Task<bool> MoveInAsync(Guid account, HouseholdId household, LocalDate from, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        if (!await registry.Households.AnyAsync(h => h.Id == household, ct)) return false;
        registry.Tenancies.Add(new() { Account = account, Household = household, From = from });
        await registry.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>Ends what an account may see of a household, the day before <paramref name="to"/>.</summary>
    /// <returns>False if it lives there on no day before it, or moved out then or earlier.</returns>
    public async Task<bool> MoveOutAsync(Guid account, HouseholdId household, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Tenancies.Where(t => t.Account == account && t.Household == household && (t.To == null || t.To > to) && t.From < to)
            .ExecuteUpdateAsync(t => t.SetProperty(x => x.To, to), ct) > 0;
    }

    private static async Task NeighbourhoodAsync(RegistryContext registry, RegistryChange change, List<string> faults, CancellationToken ct)
    {
        var held = await registry.Neighbourhoods.SingleOrDefaultAsync(ct);
        if (held is null) registry.Neighbourhoods.Add(new() { Name = change.Neighbourhood, TimeZone = change.TimeZone });
        else if (!string.Equals(held.Name, change.Neighbourhood, StringComparison.Ordinal))
            faults.Add($"This installation is for the neighbourhood '{held.Name}', the file is for '{change.Neighbourhood}': one installation serves one.");
        else if (!string.Equals(held.TimeZone, change.TimeZone, StringComparison.Ordinal))
            faults.Add($"The neighbourhood's time zone is {held.TimeZone}, the file says {change.TimeZone}: its days would change under its readings.");
    }

    private static async Task HouseholdsAsync(RegistryContext registry, RegistryChange change, CancellationToken ct)
    {
        var buildings = await registry.Buildings.Select(b => b.Name).ToHashSetAsync(StringComparer.Ordinal, ct);
        foreach (var name in change.Households.Select(h => h.Building).Where(buildings.Add)) registry.Buildings.Add(new() { Name = name });
        var held = await registry.Households.AsNoTracking().ToDictionaryAsync(h => h.Id, ct);
        foreach (var household in change.Households)
        {
            if (!held.TryGetValue(household.Id, out var before)) registry.Households.Add(household);
            else if (before != household) registry.Households.Update(household);
        }
    }

    private static async Task MetersAsync(RegistryContext registry, RegistryChange change, List<string> faults, CancellationToken ct)
    {
        var gateways = await registry.Gateways.Select(g => g.Name).ToHashSetAsync(ct);
        foreach (var name in change.Meters.Select(m => m.Gateway).Where(gateways.Add)) registry.Gateways.Add(new() { Name = name });
        var held = await registry.Meters.AsNoTracking().ToListAsync(ct);
        var byKey = held.ToDictionary(m => (m.Meter, m.From));
        foreach (var install in change.Meters)
        {
            if (!byKey.TryGetValue((install.Meter, install.From), out var before))
            {
                registry.Meters.Add(install);
                await MarkAsync(registry, [install.Meter], await DaysOf(registry, install, LocalCalendar.For(change.TimeZone)).Select(d => d.Day).ToListAsync(ct), ct);
            }
            else if (before != install)
            {
                registry.Meters.Update(install);
                var same = before with { MaxPowerW = install.MaxPowerW, Feeder = install.Feeder };
                if (same != install || before.IsBehindMain != install.IsBehindMain) await ComputeAgainAsync(registry, before, install, held, LocalCalendar.For(change.TimeZone), ct);
            }
        }

        var after = held.Where(h => !change.Meters.Any(m => m.Meter == h.Meter && m.From == h.From)).Concat(change.Meters).ToList();
        Feeders(after, faults);
        foreach (var meter in after.GroupBy(m => m.Meter))
        foreach (var (first, second) in meter.OrderBy(m => m.From).Zip(meter.OrderBy(m => m.From).Skip(1)))
        {
            if (first.To is null || first.To > second.From)
                faults.Add($"Meter {meter.Key}: the install from {first.From} overlaps the one from {second.From}; give the first an end (installed_to).");
        }
    }

    private static void Feeders(List<MeterInstall> meters, List<string> faults)
    {
        var kinds = meters.ToLookup(m => m.Meter, m => m.Kind);
        foreach (var behind in meters.Where(m => m.Feeder is not null).GroupBy(m => m.Feeder!.Value, m => m.Meter))
        {
            if (!kinds.Contains(behind.Key)) faults.Add($"Meter {behind.First()} hangs behind {behind.Key}, which is no meter of the registry: add the feeder's own row, or leave 'feeder' empty.");
            else if (kinds[behind.Key].Any(k => k is not MeterKind.Feeder)) faults.Add($"Meter {behind.First()} hangs behind {behind.Key}, which is no feeder: name a meter of kind feeder.");
        }
    }

    // What was computed with the old install is computed again; a household that lost the meter forgets what it had of it, and what was told of it.
    private static async Task ComputeAgainAsync(RegistryContext registry, MeterInstall before, MeterInstall after, List<MeterInstall> held, LocalCalendar calendar, CancellationToken ct)
    {
        if (before.Household is not { } household) return;
        var computed = registry.HouseholdDays.Where(d => d.Household == household);
        var days = await computed.Select(d => d.Day).ToListAsync(ct);
        var meters = held.Where(m => m.Household == household).Select(m => m.Meter).Append(after.Meter).Distinct().ToList();
        // A balance that was reckoned with a meter that was not there stands no longer, also of days that can be computed no more.
        if (before.IsBehindMain && (after.Household, after.Kind, after.To, after.IsBehindMain) != (before.Household, before.Kind, before.To, true))
        {
            await DaysOf(registry, before, calendar).ExecuteUpdateAsync(
                d => d.SetProperty(x => x.MadeWh, (long?)null).SetProperty(x => x.ChargedWh, (long?)null).SetProperty(x => x.DischargedWh, (long?)null).SetProperty(x => x.EvWh, (long?)null)
                    .SetProperty(x => x.Revision, x => x.Revision + 1), ct);
        }

        if (after.Household != household)
        {
            // Of days that it had with other meters the readings may be deleted: they stay, and what was told of them is told again.
            if (before.Kind is MeterKind.Main) await DaysOf(registry, before, calendar).ExecuteDeleteAsync(ct);
            await computed.ExecuteUpdateAsync(d => d.SetProperty(x => x.Revision, x => x.Revision + 1), ct);
            // What was told of another's meter is another's. Whom the household is compared with is not, and what counted in figures about many stands.
            var subject = ResultRow.SubjectOf(household);
            await registry.Results.Where(r => r.Subject == subject && r.Kind != ResultKind.Cohort && r.Kind != ResultKind.Counted).ExecuteDeleteAsync(ct);
        }

        await MarkAsync(registry, meters, days, ct);
    }

    /// <summary>The computed days of an install's household on which the meter hung there.</summary>
    private static IQueryable<HouseholdDayRow> DaysOf(RegistryContext registry, MeterInstall install, LocalCalendar calendar)
    {
        var (first, last) = (calendar.DayOf(install.From), install.To is { } to ? calendar.DayOf(to - Duration.Epsilon) : LocalDate.MaxIsoValue);
        return registry.HouseholdDays.Where(d => d.Household == install.Household && d.Day >= first && d.Day <= last);
    }

    private static async Task MarkAsync(RegistryContext registry, IReadOnlyCollection<MeterName> meters, IReadOnlyCollection<LocalDate> days, CancellationToken ct)
    {
        await using var mark = Ledger.Marks(registry, registry.Database.CurrentTransaction!);
        foreach (var meter in meters)
        foreach (var day in days)
            await mark.AddAsync(ct, meter.Value, day.ToDateOnly(), 1L);
        await mark.EndAsync(ct);
    }

    private static async Task RaiseVersionAsync(RegistryContext registry, CancellationToken ct)
    {
        var row = await registry.Versions.SingleOrDefaultAsync(ct);
        if (row is null) registry.Versions.Add(new() { Version = 1 });
        else row.Version++;
    }
}
