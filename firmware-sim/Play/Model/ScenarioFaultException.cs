using System.Diagnostics.CodeAnalysis;

namespace Grid.FirmwareSim;

/// <summary>A scenario file that does not say what it must.</summary>
/// <param name="member">Path of the member, such as <c>faults[2].share</c>; null for the file as a whole.</param>
/// <param name="what">What is wrong, and what would be right.</param>
[SuppressMessage("Roslynator", "RCS1194:Implement exception constructors", Justification = "Always carries its file and member.")]
public sealed class ScenarioFaultException(string file, string? member, string what) : Exception($"{file}{(member is null ? "" : $", {member}")}: {what}")
{
    public string? Member { get; } = member;
}
