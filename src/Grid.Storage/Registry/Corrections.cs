using Grid.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

internal sealed class Corrections(IDbContextFactory<RegistryContext> contexts) : ICorrections
{
    public async Task<IReadOnlyList<Correction>> AllAsync(MeterName? meter, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = registry.Corrections.AsNoTracking();
        if (meter is { } name) rows = rows.Where(c => c.Meter == name);
        return [.. (await rows.OrderBy(c => c.Number).ToListAsync(ct)).Select(CorrectionOf)];
    }

    public async Task<IReadOnlyDictionary<MeterName, IReadOnlyList<CorrectedSpan>>> InForceAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var rows = await registry.Corrections.AsNoTracking().Where(c => c.UndoneAt == null && meters.Contains(c.Meter)).OrderBy(c => c.From).ToListAsync(ct);
        return rows.GroupBy(c => c.Meter).ToDictionary(g => g.Key, g => (IReadOnlyList<CorrectedSpan>)[.. g.Select(WhatOf)]);
    }

    public async Task<(Correction Correction, bool Stored)> AddAsync(CorrectedSpan what, SlotEnergy before, Signature made, LocalCalendar calendar, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        // Two who correct at once must not both find the span free.
        if (!registry.Database.IsSqlite()) await registry.Database.ExecuteSqlRawAsync("""LOCK TABLE "Corrections" IN SHARE ROW EXCLUSIVE MODE""", ct);
        var other = await registry.Corrections.AsNoTracking()
            .Where(c => c.Meter == what.Meter && c.UndoneAt == null && c.From < what.Span.End && c.To > what.Span.Start).OrderBy(c => c.From).FirstOrDefaultAsync(ct);
        if (other is not null) return (CorrectionOf(other), false);
        CorrectionRow row = new()
        {
            Meter = what.Meter, From = what.Span.Start, To = what.Span.End, ImportWh = what.ImportWh, ExportWh = what.ExportWh,
            BeforeImportWh = before.ImportWh, BeforeExportWh = before.ExportWh, BeforeQuality = before.Quality,
            MadeBy = made.By, MadeBecause = made.Reason, MadeAt = made.At,
        };
        registry.Corrections.Add(row);
        await registry.SaveChangesAsync(ct);
        await MarkAsync(registry, transaction, row, calendar, ct);
        await transaction.CommitAsync(ct);
        return (CorrectionOf(row), true);
    }

    public async Task<bool> UndoAsync(long number, Signature undone, LocalCalendar calendar, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        var done = await registry.Corrections.Where(c => c.Number == number && c.UndoneAt == null).ExecuteUpdateAsync(
            c => c.SetProperty(x => x.UndoneBy, undone.By).SetProperty(x => x.UndoneBecause, undone.Reason).SetProperty(x => x.UndoneAt, undone.At), ct);
        if (done == 0) return false;
        await MarkAsync(registry, transaction, await registry.Corrections.AsNoTracking().SingleAsync(c => c.Number == number, ct), calendar, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    private static async Task MarkAsync(RegistryContext registry, IDbContextTransaction transaction, CorrectionRow row, LocalCalendar calendar, CancellationToken ct)
    {
        await using var mark = Ledger.Marks(registry, transaction);
        foreach (var day in calendar.DaysFrom(row.From, row.To - Duration.Epsilon)) await mark.AddAsync(ct, row.Meter.Value, day.ToDateOnly(), 1L);
        await mark.EndAsync(ct);
    }

    private static Correction CorrectionOf(CorrectionRow row) => new(
        row.Number, WhatOf(row), new(row.BeforeImportWh, row.BeforeExportWh, row.BeforeQuality), new(row.MadeBy, row.MadeBecause, row.MadeAt),
        row.UndoneAt is { } at ? new(row.UndoneBy!, row.UndoneBecause!, at) : null);

    private static CorrectedSpan WhatOf(CorrectionRow row) => new(row.Meter, new(row.From, row.To), row.ImportWh, row.ExportWh);
}
