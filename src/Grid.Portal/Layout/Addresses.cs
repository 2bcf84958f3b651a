using Microsoft.AspNetCore.Http.HttpResults;

namespace Grid.Portal;

/// <summary>Addresses of the pages, and which of those that came from outside may be followed.</summary>
internal static class Addresses
{
    public static string Today(string household) => $"/households/{household}";

    public static string Usage(string household, string view, LocalDate date) => $"/households/{household}/usage?view={view}&date={date:uuuu-MM-dd}";

    public static string Reports(string household) => $"/households/{household}/reports";

    public static string Report(string household, YearMonth month) => $"/households/{household}/reports/{month:uuuu-MM}";

    public static string ReportDocument(string household, YearMonth month) => $"/households/{household}/reports/{month:uuuu-MM}/document.pdf";

    /// <summary>An address of this site, never one that leads elsewhere.</summary>
    public static string LocalOr(string? address, string otherwise) => RedirectHttpResult.IsLocalUrl(address) ? address! : otherwise;
}
