using System.Globalization;
using System.Runtime.CompilerServices;
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

    public async Task<LocalDate?> FirstTouchedAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.TouchedDays.OrderBy(t => t.Day).Select(t => (LocalDate?)t.Day).FirstOrDefaultAsync(ct);
    }

    public async Task ReplaceAsync(IReadOnlyList<HouseholdDay> days, IReadOnlyList<TouchedDay> settled, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var done = new Upsert(
            registry, transaction, """DELETE FROM "TouchedDays" WHERE "Meter" = @p0 AND "Day" = @p1 AND "Revision" = @p2""", 3))
        {
            foreach (var mark in settled)
            {
                // A mark that is gone was settled by another node, perhaps with readings that came after ours.
                if (await done.RunAsync(ct, mark.Meter.Value, mark.Day.ToDateOnly(), mark.Revision) == 0
                    && !await registry.TouchedDays.AnyAsync(t => t.Meter == mark.Meter && t.Day == mark.Day, ct)) return;
            }
        }

        await using (var upsert = new Upsert(
            registry,
            transaction,
            """
            INSERT INTO "HouseholdDays" ("Household", "Day", "ImportWh", "ExportWh", "Quality", "Slots", "Revision", "Published", "Checked", "Filled", "KnownSlots", "MeasuredSlots",
                "MadeWh", "ChargedWh", "DischargedWh", "EvWh")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, 1, @p6, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)
            ON CONFLICT ("Household", "Day") DO UPDATE SET "ImportWh" = excluded."ImportWh", "ExportWh" = excluded."ExportWh",
                "Quality" = excluded."Quality", "Slots" = excluded."Slots", "Revision" = "HouseholdDays"."Revision" + 1, "Published" = excluded."Published",
                "Checked" = excluded."Checked", "Filled" = excluded."Filled",
                "KnownSlots" = excluded."KnownSlots", "MeasuredSlots" = excluded."MeasuredSlots",
                "MadeWh" = excluded."MadeWh", "ChargedWh" = excluded."ChargedWh", "DischargedWh" = excluded."DischargedWh", "EvWh" = excluded."EvWh"
            WHERE "HouseholdDays"."Slots" <> excluded."Slots" OR "HouseholdDays"."Filled" <> excluded."Filled"
                OR "HouseholdDays"."KnownSlots" <> excluded."KnownSlots" OR "HouseholdDays"."MeasuredSlots" <> excluded."MeasuredSlots"
                OR ("HouseholdDays"."MadeWh", "HouseholdDays"."ChargedWh", "HouseholdDays"."DischargedWh", "HouseholdDays"."EvWh")
                    IS DISTINCT FROM (excluded."MadeWh", excluded."ChargedWh", excluded."DischargedWh", excluded."EvWh")
            """,
            14))
        {
            foreach (var day in days)
            {
                await upsert.RunAsync(
                    ct, day.Household.Value, day.Day.ToDateOnly(), day.ImportWh, day.ExportWh, (short)day.Quality, SlotPacking.Pack(day.Slots), false, day.LeansOnOtherDays,
                    (short)day.Slots.Count(s => s.ImportWh is not null), (short)day.Slots.Count(s => s.Quality is Quality.Measured),
                    day.Balance?.MadeWh, day.Balance?.ChargedWh, day.Balance?.DischargedWh, day.Balance?.EvWh);
            }
        }

        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<(HouseholdId Household, LocalDate Day)>> FilledAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.HouseholdDays.AsNoTracking().Where(d => d.Filled && d.Day >= from && d.Day < to).Select(d => new { d.Household, d.Day }).ToListAsync(ct);
        return [.. rows.Select(r => (r.Household, r.Day))];
    }

    public async Task<string> FingerprintAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        // A revision only rises, and so does their sum, but where a household's days are deleted: there its meters were another's (Months.Installs).
        var days = registry.HouseholdDays.AsNoTracking().Where(d => d.Day >= from && d.Day < to);
        var (count, revisions) = (await days.CountAsync(ct), await days.SumAsync(d => d.Revision, ct));
        return string.Create(CultureInfo.InvariantCulture, $"{count}:{revisions}");
    }

    public async Task<IReadOnlyList<HouseholdDay>> ReadAsync(HouseholdId household, LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.HouseholdDays.AsNoTracking()
            .Where(d => d.Household == household && d.Day >= from && d.Day < to).OrderBy(d => d.Day).ToListAsync(ct);
        return [.. rows.Select(DayOf)];
    }

    public async IAsyncEnumerable<HouseholdDay> ReadAllAsync(LocalDate from, LocalDate to, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = registry.HouseholdDays.AsNoTracking().Where(d => d.Day >= from && d.Day < to).OrderBy(d => d.Household).ThenBy(d => d.Day).AsAsyncEnumerable();
        await foreach (var row in rows.WithCancellation(ct)) yield return DayOf(row);
    }

    public async Task<IReadOnlyDictionary<HouseholdId, LocalDate>> FirstDaysAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.HouseholdDays.AsNoTracking().Where(d => d.ImportWh != null).GroupBy(d => d.Household)
            .Select(g => new { g.Key, First = g.Min(d => d.Day) }).ToDictionaryAsync(g => g.Key, g => g.First, ct);
    }

    public async Task<IReadOnlyList<DayTotal>> TotalsAsync(LocalDate from, LocalDate to, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.HouseholdDays.AsNoTracking().Where(d => d.Day >= from && d.Day < to)
            .OrderBy(d => d.Household).ThenBy(d => d.Day)
            .Select(d => new DayTotal(d.Household, d.Day, d.ImportWh, d.ExportWh, d.Quality, d.KnownSlots, d.MeasuredSlots)).ToListAsync(ct);
    }

    public async Task<(LocalDate First, LocalDate Last)?> SpanAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var days = registry.HouseholdDays.AsNoTracking().Where(d => d.ImportWh != null);
        var first = await days.OrderBy(d => d.Day).Select(d => (LocalDate?)d.Day).FirstOrDefaultAsync(ct);
        var last = await days.OrderByDescending(d => d.Day).Select(d => (LocalDate?)d.Day).FirstOrDefaultAsync(ct);
        return first is { } from && last is { } to ? (from, to) : null;
    }

    public async Task<IReadOnlyList<RevisedDay>> UnpublishedAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.HouseholdDays.AsNoTracking().Where(d => !d.Published)
            .OrderBy(d => d.Day).ThenBy(d => d.Household).Take(limit).ToListAsync(ct);
        return [.. rows.Select(row => new RevisedDay(DayOf(row), row.Revision))];
    }

    public async Task MarkPublishedAsync(IReadOnlyList<RevisedDay> days, CancellationToken ct)
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

    public async Task<IReadOnlyList<RevisedDay>> UncheckedAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.HouseholdDays.AsNoTracking()
            .Where(d => !d.Checked && !registry.Meters.Any(m => m.Household == d.Household && registry.TouchedDays.Any(t => t.Meter == m.Meter && t.Day == d.Day)))
            .OrderBy(d => d.Household).ThenBy(d => d.Day).Take(limit).ToListAsync(ct);
        return [.. rows.Select(row => new RevisedDay(DayOf(row), row.Revision))];
    }

    public async Task MarkCheckedAsync(IReadOnlyList<RevisedDay> days, IReadOnlyList<Violation> violations, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        var found = violations.ToLookup(v => (v.Household, v.Day));
        await using (var mark = new Upsert(
            registry, transaction, """UPDATE "HouseholdDays" SET "Checked" = @p3 WHERE "Household" = @p0 AND "Day" = @p1 AND "Revision" = @p2""", 4))
        await using (var gone = new Upsert(registry, transaction, """DELETE FROM "Violations" WHERE "Household" = @p0 AND "Day" = @p1""", 2))
        {
            foreach (var (day, revision) in days)
            {
                // One that was computed again meanwhile is checked as it is now, the next time.
                if (await mark.RunAsync(ct, day.Household.Value, day.Day.ToDateOnly(), revision, true) == 0) continue;
                await gone.RunAsync(ct, day.Household.Value, day.Day.ToDateOnly());
                registry.Violations.AddRange(found[(day.Household, day.Day)].Select(v => new ViolationRow
                {
                    Household = v.Household, Day = v.Day, RegisterWh = v.RegisterWh, SlotsWh = v.SlotsWh, NoticedAt = v.NoticedAt,
                }));
            }
        }

        await registry.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<Violation>> ViolationsAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.Violations.AsNoTracking().OrderBy(v => v.Day).ThenBy(v => v.Household).Take(limit)
            .Select(v => new Violation(v.Household, v.Day, v.RegisterWh, v.SlotsWh, v.NoticedAt)).ToListAsync(ct);
    }

    private static HouseholdDay DayOf(HouseholdDayRow row) => new(row.Household, row.Day, SlotPacking.Unpack(row.Slots))
    {
        Balance = row is { ImportWh: { } import, MadeWh: { } made, ChargedWh: { } charged, DischargedWh: { } discharged, EvWh: { } ev }
            ? new(import, row.ExportWh ?? 0, made, charged, discharged, ev)
            : null,
    };
}
