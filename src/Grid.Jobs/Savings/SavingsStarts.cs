using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>The day of the change for each household (METHOD.md rule 5.15).</summary>
public sealed class SavingsStarts(IHouseholdDays days, JobsOptions options)
{
    public async Task<IReadOnlyDictionary<HouseholdId, LocalDate>> OfAsync(CancellationToken ct) =>
        (await days.FirstDaysAsync(ct)).ToDictionary(
            f => f.Key,
            f => f.Value.PlusDays(Sufficiency.BaselineDays) is var own && options.SavingsStartDay is { } named && named > own ? named : own);
}
