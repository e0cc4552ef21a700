using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JitFunctions.Projections.Log;

namespace JitFunctions.Functions.Log;

/// <summary>
/// Checkpoints in a container of an Azure storage account. With an immutability policy on the container, nobody can
/// change or remove them, and without one the app does not do it.
/// </summary>
public sealed class BlobArchive : ICheckpointArchive
{
    private readonly BlobContainerClient _container;

    internal BlobArchive(BlobContainerClient container) => _container = container;

    /// <param name="container">The address of the container, without a query.</param>
    public static BlobArchive For(Uri container, TokenCredential credential) =>
        new(
            new BlobContainerClient(
                container,
                credential,
                new BlobClientOptions { Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(10) } }
            )
        );

    public async Task<string?> PutAsync(long size, string note, CancellationToken cancellation)
    {
        var blob = _container.GetBlobClient(CheckpointFile.Name(size));
        try
        {
            await blob.UploadAsync(
                BinaryData.FromString(note),
                new BlobUploadOptions
                {
                    Conditions = new() { IfNoneMatch = ETag.All },
                    HttpHeaders = new() { ContentType = "text/plain; charset=utf-8" },
                },
                cancellation
            );
            return null;
        }
        catch (RequestFailedException e)
            when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return await ReadAsync(blob, cancellation);
        }
    }

    public async Task<string?> NewestAsync(CancellationToken cancellation)
    {
        string? newest = null;
        // Names come in their order.
        await foreach (var blob in _container.GetBlobsAsync(cancellationToken: cancellation))
        {
            if (CheckpointFile.IsName(blob.Name))
                newest = blob.Name;
        }

        return newest is null ? null : await ReadAsync(_container.GetBlobClient(newest), cancellation);
    }

    private static async Task<string> ReadAsync(BlobClient blob, CancellationToken cancellation) =>
        (await blob.DownloadContentAsync(cancellation)).Value.Content.ToString();
}
