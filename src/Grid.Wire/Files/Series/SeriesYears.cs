namespace Grid.Wire;

/// <summary>The years that measurements are of; any other is a slip of the pen.</summary>
public static class SeriesYears
{
    public const int First = 1900;
    public const int Last = 2100;

    /// <summary>In a sentence.</summary>
    public static readonly string Outside = FormattableString.Invariant($"outside the years {First} to {Last}");

    public static bool Hold(int year) => year is >= First and <= Last;
}
