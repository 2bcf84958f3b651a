using Grid.Analytics;
using Grid.Domain;

namespace Grid.Jobs;

/// <summary>The newest baseline of every household that has one.</summary>
public sealed class Baselines(IResults results, SavingsStarts starts)
{
    public async Task<IReadOnlyList<Begun>> AllAsync(CancellationToken ct)
    {
        var begun = await starts.OfAsync(ct);
        return
        [
            .. (await results.NewestAsync(ResultKind.Baseline, period: null, ct))
                .Where(b => b.Key.Subject is { } h && begun.TryGetValue(h, out var start) && b.Key == HomeBaseline.Key(h, start))
                .Select(b => new Begun(b.Key.Subject!.Value, begun[b.Key.Subject.Value], b.Version, HomeBaseline.FromJson(b.Json))),
        ];
    }

    /// <summary>Those whose change lies before the month's last day.</summary>
    public static IReadOnlyList<Begun> BegunIn(YearMonth month, IReadOnlyList<Begun> baselines) => [.. baselines.Where(b => b.Start < month.ToDateInterval().End)];
}

/// <summary>A household's baseline in use.</summary>
/// <param name="Start">The day of the change.</param>
/// <param name="Version">Of the stored result.</param>
public sealed record Begun(HouseholdId Household, LocalDate Start, int Version, HomeBaseline Baseline);
