using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JitFunctions.EmbeddedHost.Worker;

/// <summary>
/// The endpoint on which this host listens for the worker in its own process. It is a loopback port, which any process
/// on the machine can reach, with a secret that only this process knows. The worker sends the secret as its worker id,
/// the durable clients send it as the name of the task hub.
/// </summary>
internal sealed class HostEndpoint
{
    private const int MaxMessageBytes = 64 << 20;

    public HostEndpoint()
    {
        Socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Address = new Uri($"http://{Socket.LocalEndPoint}");
        DurableClient = JsonSerializer.Serialize(
            new
            {
                rpcBaseUrl = Address.OriginalString,
                taskHubName = Secret,
                maxGrpcMessageSizeInBytes = MaxMessageBytes,
            }
        );
    }

    /// <summary>Already bound, so that the port is known before the server starts.</summary>
    public Socket Socket { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Uri Address { get; }

    public string Secret { get; } = RandomNumberGenerator.GetHexString(64);

    /// <summary>The value from which the Durable extension binds a <c>[DurableClient]</c>.</summary>
    public string DurableClient { get; }

    public bool IsSecret(string? text) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(text ?? string.Empty),
            Encoding.UTF8.GetBytes(Secret)
        );
}
