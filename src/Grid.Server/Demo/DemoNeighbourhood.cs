using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Portal;
using Grid.Storage;
using Grid.Wire;

namespace Grid.Server;

/// <summary>Brings the simulated neighbourhood into the registry, as an import would: homes, gateways with secrets, weather, accounts.</summary>
internal sealed class DemoNeighbourhood(IServiceProvider services, DemoFiles files, TimeProvider clock)
{
    private static readonly LocalDate PeakHoursFrom = new(2026, 2, 1);
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);

    public async Task<(DemoState State, SimulatedNeighbourhood Homes)> PrepareAsync(DemoOptions options, CancellationToken ct)
    {
        var state = files.ReadState();
        if (state is not null && (state.Seed, state.Households, state.HistoryDays) != (options.Seed, options.Households, options.HistoryDays))
        {
            throw new UsageException(FormattableString.Invariant(
                $"{options.DataDirectory} holds the demo --households {state.Households} --history-days {state.HistoryDays} --seed {state.Seed}. Start it with these, or choose another --data-directory."));
        }

        var origin = state?.Origin ?? Paris.StartOf(Paris.DayOf(Now()).PlusDays(-options.HistoryDays));
        var homes = new SimulatedNeighbourhood(options.Seed, options.Households, LocalCalendar.DefaultZone, origin, "Fort d’Issy (demo)");
        if (state is not null) return (state, homes);

        await StartUp.PrepareAsync(services, ct);
        var editor = services.GetRequiredService<RegistryEditor>();
        var faults = await editor.ApplyAsync(RegistryCommand.ChangeOf(homes.Registry), ct);
        if (faults.Count > 0) throw new UsageException(string.Join(Environment.NewLine, faults));
        var secrets = homes.Homes.ToDictionary(h => h.Gateway.Value, _ => GatewaySecret.Generate(), StringComparer.Ordinal);
        await editor.SetSecretsAsync([.. secrets.Select(s => (GatewayName.Parse(s.Key), (byte[]?)GatewaySecret.Hash(s.Value)))], ct);
        state = new(options.Seed, options.Households, options.HistoryDays, origin.ToUnixTimeMilliseconds(), secrets);
        await PriceAsync(homes, origin, ct);
        files.Write(state); // last: without it a second start prepares again
        return (state, homes);
    }

    /// <summary>One resident for each home and one operator. Passwords are generated, so hashing them takes a few seconds.</summary>
    public async Task MakeAccountsAsync(SimulatedNeighbourhood homes, CancellationToken ct)
    {
        if (files.HasAccounts) return;
        var accounts = new Accounts(services);
        var since = Paris.DayOf(homes.Origin);
        List<DemoAccount> made = [await MakeAsync(accounts, "operator@grid.example", Roles.Operator, null, since, ct)];
        foreach (var home in homes.Homes)
            made.Add(await MakeAsync(accounts, $"{home.Household.Id}@grid.example", Roles.Resident, home.Household.Id, since, ct));
        files.Write(made);
    }

    /// <summary>Up to the end of tomorrow, as a weather service would know it.</summary>
    public Task StoreWeatherAsync(SimulatedNeighbourhood homes, Instant from, CancellationToken ct) =>
        services.GetRequiredService<ITemperatures>().StoreAsync([.. homes.Temperatures(from, Paris.StartOf(Paris.DayOf(Now()).PlusDays(2)))], ct);

    // Homes that heat with electricity have the larger subscription; one in three moves to peak and off-peak hours once these are priced.
    private async Task PriceAsync(SimulatedNeighbourhood homes, Instant origin, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.Tariffs)!);
        await File.WriteAllTextAsync(files.Tariffs, TariffsCommand.Template, ct);
        var (prices, first) = (services.GetRequiredService<IPrices>(), Paris.DayOf(origin));
        await prices.StoreAsync(TariffFile.Read(files.Tariffs), ct);
        List<Contract> contracts = [];
        foreach (var (home, i) in homes.Homes.Select((h, i) => (h.Household, i)))
        {
            var kva = home.Heating is HeatingKind.Electric ? 9 : 6;
            contracts.Add(new(home.Id, first, $"tarif-bleu-base-{kva}", OffPeakHours.Night));
            if (i % 3 == 2 && first < PeakHoursFrom) contracts.Add(new(home.Id, PeakHoursFrom, $"tarif-bleu-hphc-{kva}", OffPeakHours.Night));
        }

        await prices.StoreAsync(contracts, ct);
    }

    private Instant Now() => Instant.FromDateTimeOffset(clock.GetUtcNow());

    private static async Task<DemoAccount> MakeAsync(Accounts accounts, string email, string role, HouseholdId? household, LocalDate since, CancellationToken ct)
    {
        try
        {
            return new(email, await accounts.CreateAsync(email, role, household is { } id ? (id, since) : null, ct), role, household?.Value);
        }
        catch (UsageException) // made by a start that was ended before it could write the passwords down
        {
            return new(email, await accounts.ResetAsync(email), role, household?.Value);
        }
    }
}
