using System.Text.RegularExpressions;
using Azure.Storage;
using Azure.Storage.Blobs;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>Azurite, Microsoft's stand-in for blob storage, in memory. Where it is not installed, the tests fail.</summary>
public sealed partial class AzuriteFixture : IAsyncLifetime
{
    // The same for every Azurite, and for nothing else: learn.microsoft.com/azure/storage/common/storage-use-azurite.
    private const string Account = "devstoreaccount1";
    private static readonly StorageSharedKeyCredential Key =
        new(Account, "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("jit-azurite").FullName;
    private SupervisedProcess? _process;
    private string? _address;

    private string Log => Path.Combine(_folder, "azurite.log");

    public async ValueTask InitializeAsync()
    {
        var program = Path.Combine(Cache(), "jit-functions", "azurite", "node_modules", ".bin", "azurite-blob");
        Assert.True(File.Exists(program), $"{program} is missing: ./dev setup installs it, where npm has its registry.");
        string[] arguments = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort", "0"];
        _process = SupervisedProcess.Start(new ProcessPlan(program, arguments, _folder, Log));
        await _process.WaitUntilAsync(async cancellation =>
        {
            var log = File.Exists(Log) ? await File.ReadAllTextAsync(Log, cancellation) : "";
            _address = Listening().Match(log) is { Success: true } match ? match.Value : null;
            return _address is not null;
        }, Deadline, CancellationToken.None);
    }

    /// <summary>A container that does not exist yet.</summary>
    public BlobContainerClient Container(string name, BlobClientOptions? options = null) => new(new Uri($"{_address}/{Account}/{name}"), Key, options);

    public async Task<BlobContainerClient> NewContainerAsync()
    {
        var container = Container($"test-{Guid.NewGuid():n}");
        await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        return container;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        if (System.IO.Directory.Exists(_folder))
            System.IO.Directory.Delete(_folder, recursive: true);
    }

    private static string Cache() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
        ? cache
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    [GeneratedRegex(@"(?<=listens on )http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();
}
