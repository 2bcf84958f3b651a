using Grid.Domain;

namespace Grid.Server;

internal static class TimeZones
{
    /// <summary>The calendar of a time zone that somebody typed.</summary>
    public static LocalCalendar Calendar(string option, string zone)
    {
        try
        {
            return LocalCalendar.For(zone);
        }
        catch (FormatException unknown)
        {
            throw new UsageException($"{option}: {unknown.Message}");
        }
    }
}
