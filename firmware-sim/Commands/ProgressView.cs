using System.Globalization;
using Spectre.Console;

namespace Grid.FirmwareSim;

/// <summary>Shows how far a transfer has come: a bar on a terminal, else a plain line every few seconds.</summary>
internal sealed class ProgressView : IProgress<FleetProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly string _what;
    private readonly TimeProvider _clock;
    private readonly ProgressTask? _bar;
    private readonly Lock _lock = new();
    private long _shown;

    private ProgressView(string what, TimeProvider clock, ProgressTask? bar) => (_what, _clock, _bar, _shown) = (what, clock, bar, clock.GetTimestamp());

    public static async Task ShowAsync(string what, TimeProvider clock, Func<IProgress<FleetProgress>, Task> work)
    {
        if (Console.IsOutputRedirected) await work(new ProgressView(what, clock, null));
        else
            await AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async bars => await work(new ProgressView(what, clock, bars.AddTask(Markup.Escape(what)))));
    }

    public static void Line(string text) => Console.WriteLine(text);

    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 meter</c>, <c>2,000 meters</c>.</summary>
    public static string Count(long number, string noun) => $"{Count(number)} {noun}{(number == 1 ? "" : "s")}";

    public void Report(FleetProgress value)
    {
        lock (_lock)
        {
            if (_bar is not null)
            {
                _bar.MaxValue = Math.Max(1, value.MessagesInAll);
                _bar.Value = Math.Max(_bar.Value, value.MessagesSent);
            }
            else if (_clock.GetElapsedTime(_shown) >= Pause)
            {
                _shown = _clock.GetTimestamp();
                Line($"{_what}: {Count(value.MessagesSent)} of {Count(value.MessagesInAll, "message")}, {Count(value.ReadingsSent, "reading")}");
            }
        }
    }
}
