using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class HouseholdDays(IDbContextFactory<RegistryContext> contexts) : IHouseholdDays
{
    public async Task<IReadOnlyList<TouchedDay>> TouchedAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.TouchedDays.AsNoTracking().OrderBy(t => t.Meter).ThenBy(t => t.Day).Take(limit).ToListAsync(ct);
        return [.. rows.Select(t => new TouchedDay(t.Meter, t.Day, t.Revision))];
    }

    public async Task<int> CountTouchedAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.TouchedDays.CountAsync(ct);
    }

    public async Task<bool> AnyTouchedAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.TouchedDays.AnyAsync(t => t.Day >= from && t.Day < to, ct);
    }

    public async Task ReplaceAsync(IReadOnlyList<HouseholdDay> days, IReadOnlyList<TouchedDay> settled, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "HouseholdDays" ("Household", "Day", "ImportWh", "ExportWh", "Quality", "Slots", "Revision", "Published")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, 1, @p6)
            ON CONFLICT ("Household", "Day") DO UPDATE SET "ImportWh" = excluded."ImportWh", "ExportWh" = excluded."ExportWh",
                "Quality" = excluded."Quality", "Slots" = excluded."Slots", "Revision" = "HouseholdDays"."Revision" + 1, "Published" = excluded."Published"
            """,
            7))
        {
            foreach (var day in days)
                await upsert.RunAsync(ct, day.Household.Value, day.Day.ToDateOnly(), day.ImportWh, day.ExportWh, (short)day.Quality, SlotPacking.Pack(day.Slots), false);
        }

        await using (var done = new Upsert(
            registry, transaction, """DELETE FROM "TouchedDays" WHERE "Meter" = @p0 AND "Day" = @p1 AND "Revision" = @p2""", 3))
        {
            foreach (var mark in settled) await done.RunAsync(ct, mark.Meter.Value, mark.Day.ToDateOnly(), mark.Revision);
        }

        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<HouseholdDay>> ReadAsync(HouseholdId household, LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.HouseholdDays.AsNoTracking()
            .Where(d => d.Household == household && d.Day >= from && d.Day < to).OrderBy(d => d.Day).ToListAsync(ct);
        return [.. rows.Select(DayOf)];
    }

    public async Task<IReadOnlyList<DayTotal>> TotalsAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.HouseholdDays.AsNoTracking().Where(d => d.Day >= from && d.Day < to)
            .OrderBy(d => d.Household).ThenBy(d => d.Day)
            .Select(d => new DayTotal(d.Household, d.Day, d.ImportWh, d.ExportWh, d.Quality)).ToListAsync(ct);
    }

    public async Task<(LocalDate First, LocalDate Last)?> SpanAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var days = registry.HouseholdDays.AsNoTracking().Where(d => d.ImportWh != null);
        var first = await days.OrderBy(d => d.Day).Select(d => (LocalDate?)d.Day).FirstOrDefaultAsync(ct);
        var last = await days.OrderByDescending(d => d.Day).Select(d => (LocalDate?)d.Day).FirstOrDefaultAsync(ct);
        return first is { } from && last is { } to ? (from, to) : null;
    }

    public async Task<IReadOnlyList<UnpublishedDay>> UnpublishedAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.HouseholdDays.AsNoTracking().Where(d => !d.Published)
            .OrderBy(d => d.Day).ThenBy(d => d.Household).Take(limit).ToListAsync(ct);
        return [.. rows.Select(row => new UnpublishedDay(DayOf(row), row.Revision))];
    }

    public async Task MarkPublishedAsync(IReadOnlyList<UnpublishedDay> days, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var mark = new Upsert(
            registry,
            transaction,
            """UPDATE "HouseholdDays" SET "Published" = @p3 WHERE "Household" = @p0 AND "Day" = @p1 AND "Revision" = @p2""",
            4))
        {
            foreach (var (day, revision) in days) await mark.RunAsync(ct, day.Household.Value, day.Day.ToDateOnly(), revision, true);
        }

        await transaction.CommitAsync(ct);
    }

    private static HouseholdDay DayOf(HouseholdDayRow row) => new(row.Household, row.Day, SlotPacking.Unpack(row.Slots));
}
