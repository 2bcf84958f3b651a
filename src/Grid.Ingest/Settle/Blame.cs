using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;

namespace Grid.Ingest;

/// <summary>Whose fault it is that something could not be settled.</summary>
internal static class Blame
{
    /// <returns>False if it is the surroundings': a disk that is full, a server that is away. The same contents will do once they are well again.</returns>
    public static bool IsTheContents(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is 1 or 18 or 19 or 20, // a statement that it cannot run, too big, a constraint, a type that does not fit
        DbException { SqlState: { Length: >= 2 } state } => state[..2] is "22" or "23" or "54", // data exception, constraint, over a limit of the program
        DbException or IOException or HttpRequestException or SocketException or TimeoutException or OperationCanceledException => false,
        { InnerException: { } inner } => IsTheContents(inner),
        _ => true,
    };
}
