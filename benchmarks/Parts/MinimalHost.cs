using System.Net;
using System.Net.Sockets;
using JitFunctions.LocalStack;

namespace JitFunctions.Benchmarks;

/// <summary><see cref="MinimalApp"/> as a process, started in the same way as the function app.</summary>
internal sealed class MinimalHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jit-bench-").FullName;
    private SupervisedProcess? _process;

    public Uri Address { get; } = FreeAddress();

    public void Start() =>
        _process = SupervisedProcess.Start(
            new ProcessPlan(
                "dotnet",
                [typeof(MinimalApp).Assembly.Location, MinimalApp.Verb],
                _folder,
                Path.Combine(_folder, "minimal-app.log")
            )
            {
                Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = Address.OriginalString },
            }
        );

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    internal static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
