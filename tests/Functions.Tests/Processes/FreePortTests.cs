using System.Net;
using System.Net.Sockets;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Processes;

/// <summary>
/// Tests that run side by side take ports for servers which listen much later, and which go away and come back.
/// </summary>
public sealed class FreePortTests
{
    [Fact]
    public void No_port_is_given_out_twice()
    {
        var ports = new int[300];
        Parallel.For(0, ports.Length, i => ports[i] = FreePort.Next());
        Assert.Distinct(ports);
    }

    [Fact]
    public void A_server_listens_on_it_and_does_so_again_later()
    {
        var port = FreePort.Next();
        for (var life = 1; life <= 2; life++)
        {
            using var server = new TcpListener(IPAddress.Loopback, port);
            server.Start();
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            using var accepted = server.AcceptTcpClient();
        }
    }

    [Fact]
    public void Before_and_after_that_a_call_is_refused()
    {
        using var client = new TcpClient();
        var refused = Assert.Throws<SocketException>(() => client.Connect(IPAddress.Loopback, FreePort.Next()));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }
}
