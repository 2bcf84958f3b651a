using System.Net;
using System.Net.Sockets;

namespace Grid.Server;

internal static class Ports
{
    /// <exception cref="UsageException">Something listens there already; the message says how to choose another.</exception>
    public static void RequireFree(int port, string change)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
        }
        catch (SocketException taken)
        {
            throw new UsageException($"Port {port} cannot be used ({taken.SocketErrorCode}). Choose another with {change}.");
        }
    }
}
