using System.Net;
using System.Net.Sockets;

namespace JitFunctions.LocalStack;

/// <summary>
/// Ports for servers that stop and come back on the same number. They lie below the kernel's ephemeral range: from within it,
/// any client's outgoing connection could take the port during an outage (or even connect to itself).
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 29_999;

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
