using System.CommandLine;
using Grid.Domain;
using Grid.Wire;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>Price lists, Tempo's days and contracts from files, into the registry.</summary>
internal static class TariffsCommand
{
    /// <summary>
    /// Tarif Bleu for homes, taxes included. From 2026-02-01: EDF's published price grid. Before: CRE, "Historique des tarifs réglementés de vente" (Licence Ouverte
    /// 2.0), the yearly subscription divided by twelve. VAT on the subscription rose from 5.5 % to 20 % on 2025-08-01.
    /// </summary>
    public const string Template =
        """
        tariff,valid_from,option,kva,period,eur_kwh,subscription_eur_month,feed_in_eur_kwh,vat,subscription_vat
        tarif-bleu-base-6,2024-02-01,base,6,all,0.2516,12.6550,,0.2,0.055
        tarif-bleu-base-6,2025-02-01,base,6,all,0.2016,13.7642,,0.2,0.055
        tarif-bleu-base-6,2025-08-01,base,6,all,0.1952,15.4950,,0.2,0.2
        tarif-bleu-base-9,2024-02-01,base,9,all,0.2516,15.9092,,0.2,0.055
        tarif-bleu-base-9,2025-02-01,base,9,all,0.2016,17.3792,,0.2,0.055
        tarif-bleu-base-9,2025-08-01,base,9,all,0.1952,19.4750,,0.2,0.2
        tarif-bleu-base-6,2026-02-01,base,6,all,0.1940,15.65,,0.2,0.2
        tarif-bleu-base-9,2026-02-01,base,9,all,0.1927,19.56,,0.2,0.2
        tarif-bleu-hphc-6,2026-02-01,hphc,6,hp,0.2065,15.65,,0.2,0.2
        tarif-bleu-hphc-6,2026-02-01,hphc,6,hc,0.1579,15.65,,0.2,0.2
        tarif-bleu-hphc-9,2026-02-01,hphc,9,hp,0.2065,19.56,,0.2,0.2
        tarif-bleu-hphc-9,2026-02-01,hphc,9,hc,0.1579,19.56,,0.2,0.2
        tarif-bleu-tempo-6,2026-02-01,tempo,6,blue-hc,0.1325,15.59,,0.2,0.2
        tarif-bleu-tempo-6,2026-02-01,tempo,6,blue-hp,0.1612,15.59,,0.2,0.2
        tarif-bleu-tempo-6,2026-02-01,tempo,6,white-hc,0.1499,15.59,,0.2,0.2
        tarif-bleu-tempo-6,2026-02-01,tempo,6,white-hp,0.1871,15.59,,0.2,0.2
        tarif-bleu-tempo-6,2026-02-01,tempo,6,red-hc,0.1575,15.59,,0.2,0.2
        tarif-bleu-tempo-6,2026-02-01,tempo,6,red-hp,0.7060,15.59,,0.2,0.2
        """;

    public static Command Create() => new("tariffs", "What energy costs. Months that are over are priced again when a file changes what was valid in them.")
    {
        Reading(
            "import", "Adds versions of price lists; one that is there already is replaced.", TariffFile.Columns, TariffFile.Read,
            async (prices, tariffs, ct) =>
            {
                await prices.StoreAsync(tariffs, ct);
                return $"Imported {Counted.Of(tariffs.Count, "version")} of {Counted.Of(tariffs.DistinctBy(t => t.Name, StringComparer.Ordinal).Count(), "price list")}.";
            }),
        Reading(
            "tempo", "Adds the colours of Tempo's days; a day without one is not priced.", TempoFile.Columns, TempoFile.Read,
            async (prices, days, ct) =>
            {
                await prices.StoreAsync(days, ct);
                return $"Imported {Counted.Of(days.Count, "day")}, from {LocalDatePattern.Iso.Format(days.Keys.Min())} to {LocalDatePattern.Iso.Format(days.Keys.Max())}.";
            }),
        Reading("contracts", "Says which household buys by which price list, and from when. When people move, give the household's next contract from that day, or end theirs with an empty tariff.", ContractFile.Columns, ContractFile.Read, StoreAsync),
        Templates(),
    };

    private static async Task<string> StoreAsync(IPrices prices, IReadOnlyList<Contract> contracts, CancellationToken ct)
    {
        if (await prices.StoreAsync(contracts, ct) is { Count: > 0 } unknown)
            throw new UsageException($"The registry has no household {string.Join(", ", unknown.Take(10))}{(unknown.Count > 10 ? ", …" : "")}: import it first. Nothing was imported.");
        var lists = (await prices.ReadAsync(ct)).Tariffs.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var without = contracts.Select(c => c.Tariff).Where(t => t.Length > 0 && !lists.Contains(t)).Distinct(StringComparer.Ordinal).ToList();
        return $"Imported {Counted.Of(contracts.Count, "contract")} of {Counted.Of(contracts.DistinctBy(c => c.Household).Count(), "household")}."
            + (without.Count > 0 ? $" There is no price list {string.Join(", ", without)} yet: until 'tariffs import' brings it, these households' energy is not priced." : "");
    }

    private static Command Reading<T>(string name, string what, IReadOnlyList<FileColumn> columns, Func<string, T> read, Func<IPrices, T, CancellationToken, Task<string>> store)
    {
        var file = new Argument<FileInfo>("file") { Description = $"A CSV file, plain or gzip, with a first line that names its columns:\n{string.Join('\n', columns.Select(c => $"{c.Name}: {c.Explanation}"))}" };
        var command = new Command(name, $"{what} All of the file, or nothing; importing again changes nothing.") { file };
        command.SetAction((parsed, ct) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists) throw new UsageException($"There is no file {path.FullName}.");
            var content = read(path.FullName);
            return Offline.RunAsync(async (services, _) =>
            {
                Console.WriteLine(await store(services.GetRequiredService<IPrices>(), content, ct));
                return 0;
            }, ct);
        });
        return command;
    }

    private static Command Templates()
    {
        var template = new Command("template", "Prints a file for 'tariffs import': the Tarif Bleu for homes from 2026-02-01, and its option Base from 2024-02-01.");
        template.SetAction(_ => Console.WriteLine(Template));
        return template;
    }
}
