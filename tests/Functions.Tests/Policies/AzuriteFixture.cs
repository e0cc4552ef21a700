using Azure.Storage;
using Azure.Storage.Blobs;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>Where it is not installed, the tests fail.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private static readonly StorageSharedKeyCredential Key = new(Azurite.Account, Azurite.Key);

    private Azurite? _azurite;

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartAsync();

    /// <summary>A container that does not exist yet.</summary>
    public BlobContainerClient Container(string name, BlobClientOptions? options = null) =>
        new(new Uri($"{_azurite!.Blobs}/{name}"), Key, options);

    public async Task<BlobContainerClient> NewContainerAsync()
    {
        var container = Container($"test-{Guid.NewGuid():n}");
        await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        return container;
    }

    public ValueTask DisposeAsync() => _azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
