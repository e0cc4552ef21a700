using System.Net;
using System.Net.Sockets;

namespace JitFunctions.LocalStack;

/// <summary>
/// Reserves ports for servers that start later and may restart on the same port. Until this process ends, nothing else
/// gets such a port: no other caller in this or another process, and no outgoing connection.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 29_999;

    // From <sys/socket.h>. The .NET option with this name sets SO_REUSEPORT instead.
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;

    private static readonly List<Socket> Reserved = [];

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (Reserve(port) is not { } socket)
                continue;
            lock (Reserved)
                Reserved.Add(socket);
            return port;
        }
    }

    /// <summary>
    /// Returns a socket that is bound to the port but does not listen on it. It binds exclusively, which fails if
    /// anything else uses the port, and allows sharing afterwards. Servers can share the port if they set SO_REUSEADDR,
    /// as all servers here do.
    /// </summary>
    /// <returns>Null if the port is in use.</returns>
    private static Socket? Reserve(int port)
    {
        // For a socket with the protocol type TCP, .NET sets SO_REUSEADDR before it binds the socket.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.SetRawSocketOption(SolSocket, SoReuseAddress, [1, 0, 0, 0]);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
