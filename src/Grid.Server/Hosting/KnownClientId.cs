using System.Text;

namespace Grid.Server;

/// <summary>The name that this node last had at an external broker, which goes on keeping a share of all messages for it.</summary>
internal static class KnownClientId
{
    /// <returns>The earlier one, if it was another.</returns>
    public static string? Replace(string dataDirectory, string clientId)
    {
        var file = Path.Combine(dataDirectory, "broker-client-id");
        var before = File.Exists(file) ? File.ReadAllText(file) : null;
        if (string.Equals(before, clientId, StringComparison.Ordinal)) return null;
        PrivateFile.Write(file, Encoding.UTF8.GetBytes(clientId));
        return before;
    }
}
