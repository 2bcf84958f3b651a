using System.Diagnostics.CodeAnalysis;

namespace Grid.Wire;

/// <summary>A file that cannot be used: what is wrong, where, and what would be right.</summary>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "A fault without its file helps nobody.")]
public sealed class FileFaultException : Exception
{
    /// <param name="line">1 is the first; null where the fault is the whole file's.</param>
    /// <param name="column">The column's name, or its number where it has none.</param>
    public FileFaultException(string file, long? line, string? column, string what)
        : base(Describe(file, line, column, what)) => (File, Line, Column, What) = (file, line, column, what);

    public string File { get; }

    public long? Line { get; }

    public string? Column { get; }

    public string What { get; }

    private static string Describe(string file, long? line, string? column, string what) =>
        $"{file}{(line is { } l ? FormattableString.Invariant($", line {l}") : "")}{(column is null ? "" : $", column {column}")}: {what}";
}
