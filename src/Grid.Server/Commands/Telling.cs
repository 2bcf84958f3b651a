using Grid.Domain;

namespace Grid.Server;

/// <summary>What is about to be told to operators: the answer, results that must stand, and what the ledger notes.</summary>
internal sealed record Told<T>(T Answer, IReadOnlyList<ShownGroup> Shown)
{
    public IReadOnlyList<ResultDraft> Results { get; init; } = [];
}

/// <summary>One command at a time holds what it wants to tell against the ledger, and notes it before it prints: of two at once neither would know of the other.</summary>
internal static class Telling
{
    private const string Job = "told-to-operators";

    /// <param name="decide">By what operators were shown from <paramref name="from"/> to before <paramref name="to"/>.</param>
    public static async Task<T> RunAsync<T>(IServiceProvider services, LocalDate from, LocalDate to, Func<IReadOnlyList<ShownGroup>, Task<Told<T>>> decide, CancellationToken ct)
    {
        var runs = services.GetRequiredService<IJobRuns>();
        var run = await runs.BeginAsync(Job, "", "", ct);
        const string Again = "Something else is told of the same days at the same time: run this command again.";
        try
        {
            var told = await decide(await services.GetRequiredService<IReleases>().ShownToOperatorsAsync(from, to, ct));
            return await runs.CommitAsync(run, told.Results, told.Shown, ct) is not null
                ? told.Answer
                : throw new UsageException(Again);
        }
        catch (ToldMeanwhileException)
        {
            await runs.FailAsync(run, Again, ct);
            throw new UsageException(Again);
        }
        catch (UsageException refused)
        {
            await runs.FailAsync(run, refused.Message, ct);
            throw;
        }
    }
}
