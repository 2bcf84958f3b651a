using System.Net.Sockets;
using Npgsql;

namespace Grid.Storage;

/// <summary>Why PostgreSQL cannot be used at all, in a sentence.</summary>
/// <param name="IsOfConfiguration">It answers, and refuses: another account or database would do.</param>
public sealed record PostgresFault(string Sentence, bool IsOfConfiguration)
{
    /// <returns>Null if it is not about the connection.</returns>
    public static PostgresFault? Of(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException told) return OfState(told);
            if (cause is NpgsqlException { InnerException: SocketException or TimeoutException or IOException }) return Away(cause.Message);
        }

        return null;
    }

    // 28 the login, 3D the database, 42501 a right; 08 the connection, 53 too few resources, 57P0 it starts or stops.
    private static PostgresFault? OfState(PostgresException told) => told.SqlState switch
    {
        ['2', '8', ..] or ['3', 'D', ..] or PostgresErrorCodes.InsufficientPrivilege => new($"PostgreSQL refuses Grid ({told.MessageText}). Mend Grid:Registry:ConnectionString, or make that role and a database that it owns.", IsOfConfiguration: true),
        ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', '0', ..] => Away(told.MessageText),
        _ => null,
    };

    private static PostgresFault Away(string why) => new($"PostgreSQL does not answer ({why}). Start it, or mend Grid:Registry:ConnectionString.", IsOfConfiguration: false);
}
