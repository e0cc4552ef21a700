using System.Net;
using System.Net.Sockets;

namespace JitFunctions.LocalStack;

/// <summary>
/// Ports for servers that start later, stop and come back on the same number. Until this process ends, nobody else gets
/// one: neither another caller here or in another process, nor a client's outgoing connection.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 29_999;

    // From <sys/socket.h>. The library's own option of this name is another, SO_REUSEPORT.
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
    /// A socket that has the port and does not listen on it. It asks for the port for itself alone, which fails if
    /// anybody at all has it; and shares it afterwards, for which servers ask by SO_REUSEADDR, as all of ours do.
    /// </summary>
    /// <returns>Null if the port is taken.</returns>
    private static Socket? Reserve(int port)
    {
        // For a socket that is said to be TCP, the library sets SO_REUSEADDR before it binds it.
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
