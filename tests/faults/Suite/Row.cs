namespace Grid.Faults;

/// <summary>What Grid runs on.</summary>
internal enum Pair
{
    /// <summary>Embedded broker, SQLite.</summary>
    Embedded = 1,

    /// <summary>Mosquitto, InfluxDB.</summary>
    MosquittoInflux = 2,
}

/// <summary>One row of the fault matrix.</summary>
internal abstract class Row
{
    /// <summary><c>F07</c>.</summary>
    public abstract string Id { get; }

    /// <summary>What is done, and what must hold.</summary>
    public abstract string Sentence { get; }

    /// <summary>On what it runs, and how often for <c>--whole</c>.</summary>
    public abstract IReadOnlyList<(Pair Pair, int N)> On { get; }

    /// <summary>Faults that one seed injects.</summary>
    public virtual int FaultsASeed => 1;

    /// <summary>How many seeds a sample runs.</summary>
    public virtual int Sample => 2;

    /// <summary>Injects and judges; a seed decides the schedule and the data.</summary>
    public abstract Task RunAsync(RowRun run);

    protected static IReadOnlyList<(Pair, int)> Embedded(int n) => [(Pair.Embedded, n)];

    protected static IReadOnlyList<(Pair, int)> Both(int n, int behindMosquitto) => [(Pair.Embedded, n), (Pair.MosquittoInflux, behindMosquitto)];
}

/// <summary>This machine cannot run the row.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries its reason.")]
internal sealed class SkippedException(string why) : Exception(why);
