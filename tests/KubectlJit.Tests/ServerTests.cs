namespace JitFunctions.KubectlJit.Tests;

/// <summary>A server of its own for each test.</summary>
public abstract class ServerTests : IAsyncLifetime
{
    private JitServer? _server;

    internal JitServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await JitServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }
}
