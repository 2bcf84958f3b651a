using Spectre.Console;

namespace Grid.Server;

/// <summary>A bar on a terminal; elsewhere a line every few seconds.</summary>
internal sealed class DemoProgress(TimeProvider clock)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

    private readonly long _started = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <param name="step">Reports a share from 0 to 1.</param>
    public async Task RunAsync(string title, Func<Action<double>, Task> step)
    {
        if (AnsiConsole.Profile.Capabilities.Interactive)
        {
            await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
                .StartAsync(async bars =>
                {
                    var bar = bars.AddTask(title, maxValue: 1);
                    await step(share => bar.Value = share);
                    bar.Value = 1;
                });
            return;
        }

        var last = TimeSpan.Zero - BetweenLines;
        await step(share =>
        {
            if (Elapsed - last < BetweenLines) return;
            last = Elapsed;
            Console.WriteLine(FormattableString.Invariant($"{title}: {share:P0} after {Elapsed.TotalSeconds:0} s"));
        });
        Console.WriteLine(FormattableString.Invariant($"{title}: done after {Elapsed.TotalSeconds:0} s"));
    }
}
