using System.Diagnostics.CodeAnalysis;

namespace Grid.Domain;

/// <summary>What may stand in an identifier that reaches a topic, a store, an address or a file: 1 to 64 of <c>A-Z a-z 0-9 _ -</c>.</summary>
public static class Identifier
{
    public const int MaxLength = 64;

    public static bool IsValid([NotNullWhen(true)] string? text) => text is not null && IsValid(text.AsSpan());

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        return true;
    }

    internal static string Require(string? text, string what) => IsValid(text)
        ? text
        : throw new FormatException($"'{text}' is no {what}: 1 to {MaxLength} of letters, digits, '_' and '-' are.");
}
