using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class Prices(IDbContextFactory<RegistryContext> contexts) : IPrices
{
    public async Task<PriceBook> ReadAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var prices = await registry.TariffPrices.AsNoTracking().OrderBy(p => p.Tariff).ThenBy(p => p.From).ThenBy(p => p.Period).ToListAsync(ct);
        var days = await registry.TempoDays.AsNoTracking().ToDictionaryAsync(d => d.Day, d => d.Colour, ct);
        var contracts = await registry.Contracts.AsNoTracking().OrderBy(c => c.Household).ThenBy(c => c.From).ToListAsync(ct);
        return new(
            [.. prices.GroupBy(p => (p.Tariff, p.From)).Select(TariffOf)], days,
            [.. contracts.Select(c => new Contract(c.Household, c.From, c.Tariff, OffPeakHours.TryParse(c.OffPeak, out var hours) ? hours : throw new FormatException($"'{c.OffPeak}' are no off-peak hours.")))]);
    }

    public async Task StoreAsync(IReadOnlyList<Tariff> tariffs, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        foreach (var tariff in tariffs)
        {
            await registry.TariffPrices.Where(p => p.Tariff == tariff.Name && p.From == tariff.From).ExecuteDeleteAsync(ct);
            registry.TariffPrices.AddRange(tariff.PerKwh.Select(p => new TariffPriceRow
            {
                Tariff = tariff.Name, From = tariff.From, Period = p.Key, EurPerKwh = p.Value, Option = tariff.Option, KVa = tariff.KVa, SubscriptionPerMonth = tariff.SubscriptionPerMonth,
                FeedInPerKwh = tariff.FeedInPerKwh, VatRate = tariff.VatRate, SubscriptionVatRate = tariff.SubscriptionVatRate,
            }));
        }

        await registry.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async Task StoreAsync(IReadOnlyDictionary<LocalDate, TempoColour> colours, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await using (var upsert = new Upsert(
            registry, transaction, """INSERT INTO "TempoDays" ("Day", "Colour") VALUES (@p0, @p1) ON CONFLICT ("Day") DO UPDATE SET "Colour" = excluded."Colour" """, 2))
        {
            foreach (var (day, colour) in colours) await upsert.RunAsync(ct, day.ToDateOnly(), (int)colour);
        }

        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<HouseholdId>> StoreAsync(IReadOnlyList<Contract> contracts, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        var known = await registry.Households.Select(h => h.Id).ToHashSetAsync(ct);
        if (contracts.Select(c => c.Household).Where(h => !known.Contains(h)).Distinct().ToList() is { Count: > 0 } unknown) return unknown;
        await using (var upsert = new Upsert(
            registry, transaction,
            """
            INSERT INTO "Contracts" ("Household", "From", "Tariff", "OffPeak") VALUES (@p0, @p1, @p2, @p3)
            ON CONFLICT ("Household", "From") DO UPDATE SET "Tariff" = excluded."Tariff", "OffPeak" = excluded."OffPeak"
            """,
            4))
        {
            foreach (var contract in contracts) await upsert.RunAsync(ct, contract.Household.Value, contract.From.ToDateOnly(), contract.Tariff, contract.OffPeak.ToString());
        }

        await transaction.CommitAsync(ct);
        return [];
    }

    private static Tariff TariffOf(IEnumerable<TariffPriceRow> prices)
    {
        var rows = prices.ToList();
        var one = rows[0];
        return new(
            one.Tariff, one.From, one.Option, one.KVa, one.SubscriptionPerMonth, rows.ToDictionary(p => p.Period, p => p.EurPerKwh), one.FeedInPerKwh, one.VatRate, one.SubscriptionVatRate);
    }
}
