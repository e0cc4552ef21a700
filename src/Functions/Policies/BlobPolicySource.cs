using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Policies;

/// <summary>
/// The policy files in a container of an Azure storage account. Names that begin with a dot are ignored.
/// </summary>
public sealed class BlobPolicySource : PolicySource
{
    private readonly BlobContainerClient _container;

    internal BlobPolicySource(BlobContainerClient container) => _container = container;

    // Only these parts: the rest of an address may contain a secret.
    public override string Name => $"container {_container.Uri.GetLeftPart(UriPartial.Path)}";

    /// <param name="container">The address of the container, without a query.</param>
    public static BlobPolicySource For(Uri container, TokenCredential credential) =>
        new(
            new BlobContainerClient(
                container,
                credential,
                new BlobClientOptions { Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(10) } }
            )
        );

    /// <exception cref="PolicySourceException">The container cannot be read, or was changed meanwhile.</exception>
    public override async Task<PolicySourceText> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var blobs = await ListAsync(cancellation);
            var found = await ReadAsync(blobs, cancellation);
            return blobs.SequenceEqual(await ListAsync(cancellation)) ? found : throw Changed();
        }
        catch (RequestFailedException e)
            when (e.ErrorCode == BlobErrorCode.ConditionNotMet || e.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            throw Changed(e);
        }
        catch (RequestFailedException e) when (e.Status != 0)
        {
            // The message contains the whole response of the service, in many lines.
            throw new PolicySourceException($"{Name} cannot be read: {e.Status} {e.ErrorCode}".TrimEnd(), e);
        }
        catch (Exception e)
            when (e
                    is RequestFailedException
                        or AuthenticationFailedException
                        or AggregateException
                        or OperationCanceledException
                && !cancellation.IsCancellationRequested
            )
        {
            throw new PolicySourceException($"{Name} cannot be read: {e.Message.Split('\n')[0]}", e);
        }
    }

    private PolicySourceException Changed(Exception? e = null) => new($"{Name} was changed while it was read.", e);

    private async Task<List<Blob>> ListAsync(CancellationToken cancellation)
    {
        List<Blob> blobs = [];
        await foreach (var blob in _container.GetBlobsAsync(cancellationToken: cancellation))
        {
            var hidden = blob.Name.Split('/').Any(part => part.StartsWith('.'));
            if (!hidden && (IsPolicyFile(blob.Name) || blob.Name == PublisherFile))
                blobs.Add(new(blob.Name, blob.Properties.ETag, blob.Properties.ContentLength ?? 0));
            // So many files are refused anyway; whoever writes them must not be able to keep the app busy.
            if (blobs.Count > 2 * PolicyFiles.MostFiles)
                break;
        }

        return [.. blobs.OrderBy(blob => blob.Name, StringComparer.Ordinal)];
    }

    private async Task<PolicySourceText> ReadAsync(List<Blob> blobs, CancellationToken cancellation)
    {
        List<PolicyFileText> files = [];
        var left = PolicyFiles.MostBytes;
        foreach (var blob in blobs.Where(blob => blob.Name != PublisherFile).Take(PolicyFiles.MostFiles + 1))
        {
            // One byte more than allowed makes the parser refuse all files, and so does a name with a folder.
            if (left < 0)
                break;
            var content = blob.Name.Contains('/', StringComparison.Ordinal)
                ? []
                : await DownloadAsync(blob, left + 1, cancellation);
            left -= content.Length;
            files.Add(new(blob.Name, Text(content)));
        }

        var publisher = blobs.Find(blob => blob.Name == PublisherFile);
        return Found(
            files,
            publisher is null ? null : Text(await DownloadAsync(publisher, LongestPublisherFile, cancellation))
        );
    }

    private async Task<byte[]> DownloadAsync(Blob blob, int most, CancellationToken cancellation)
    {
        // An empty blob has no ranges.
        if (blob.Length == 0)
            return [];
        var options = new BlobDownloadOptions
        {
            Range = new HttpRange(0, most),
            Conditions = new() { IfMatch = blob.ETag },
        };
        return (
            await _container.GetBlobClient(blob.Name).DownloadContentAsync(options, cancellation)
        ).Value.Content.ToArray();
    }

    private sealed record Blob(string Name, ETag? ETag, long Length);
}
