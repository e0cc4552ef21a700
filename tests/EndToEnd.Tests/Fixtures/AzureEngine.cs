using System.Runtime.CompilerServices;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// Durable Task on Azure Storage: the tables and queues of a task hub, as
/// learn.microsoft.com/azure/azure-functions/durable/durable-functions-azure-storage-provider describes them.
/// </summary>
internal sealed class AzureEngine(Azurite storage, string hub) : DurableEngine
{
    private const string Status = "RuntimeStatus";
    private const int MostPeeked = 32;

    private readonly TableServiceClient _tables = new(storage.ConnectionString);
    private readonly QueueServiceClient _queues = new(
        storage.ConnectionString,
        new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None }
    );
    private readonly BlobServiceClient _blobs = new(storage.ConnectionString);

    private TableClient Instances => _tables.GetTableClient($"{hub}Instances");

    private TableClient History => _tables.GetTableClient($"{hub}History");

    public override async Task DeleteAsync(string instance)
    {
        await IsWaitingAsync(instance);
        await DeleteRowsAsync(History, instance);
        await DeleteRowsAsync(Instances, instance);
    }

    // Without its history, whatever message still comes for it is dropped.
    public override async Task TerminateAsync(string instance)
    {
        await IsWaitingAsync(instance);
        await Instances.UpdateEntityAsync(
            new TableEntity(instance, "") { [Status] = "Terminated" },
            Azure.ETag.All,
            TableUpdateMode.Merge,
            Cancellation
        );
        await DeleteRowsAsync(History, instance);
    }

    public override async Task<bool> IsRunningAsync(string instance) =>
        await Instances.GetEntityIfExistsAsync<TableEntity>(instance, "", cancellationToken: Cancellation)
            is { HasValue: true, Value: { } row }
        && row.GetString(Status) == "Running";

    // A queue shows its next messages only, and not those that wait for a time or are being worked on: a timer's, above
    // all.
    public override async IAsyncEnumerable<string> ContentsAsync()
    {
        await foreach (var table in _tables.QueryAsync(cancellationToken: Cancellation))
        await foreach (
            var row in _tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Cancellation)
        )
            yield return string.Join(' ', row.Select(field => $"{field.Key}={Text(field.Value)}"));
        await foreach (var queue in _queues.GetQueuesAsync(cancellationToken: Cancellation))
        foreach (
            var message in (await _queues.GetQueueClient(queue.Name).PeekMessagesAsync(MostPeeked, Cancellation)).Value
        )
            yield return Text(message.Body.ToArray());
        await foreach (var container in _blobs.GetBlobContainersAsync(cancellationToken: Cancellation))
        await foreach (var text in BlobsAsync(_blobs.GetBlobContainerClient(container.Name), Cancellation))
            yield return text;
    }

    // In the middle of a turn, the engine would write half of what was deleted again. The status is the last that a
    // turn writes.
    private Task IsWaitingAsync(string instance) =>
        Eventually.Async(
            async () =>
            {
                var events = await History
                    .QueryAsync<TableEntity>(row => row.PartitionKey == instance, cancellationToken: Cancellation)
                    .Where(row => row.ContainsKey("EventType"))
                    .OrderBy(row => row.RowKey, StringComparer.Ordinal)
                    .ToListAsync(Cancellation);
                var turn = events
                    .SkipWhile(row => row != events.Last(last => last.GetString("EventType") == "OrchestratorStarted"))
                    .ToList();
                return turn.Any(row => row.GetString("EventType") == "TimerCreated")
                    && await IsRunningAsync(instance)
                    && await Instances.GetEntityAsync<TableEntity>(instance, "", cancellationToken: Cancellation)
                        is { Value: { } status }
                    && status.Timestamp >= turn[^1].Timestamp;
            },
            $"the orchestration {instance} waits"
        );

    private static async IAsyncEnumerable<string> BlobsAsync(
        BlobContainerClient container,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellation))
        {
            var answer = await container.GetBlobClient(blob.Name).DownloadContentAsync(cancellation);
            yield return $"{blob.Name} {Text(answer.Value.Content.ToArray())}";
        }
    }

    private static async Task DeleteRowsAsync(TableClient table, string instance)
    {
        await foreach (
            var row in table.QueryAsync<TableEntity>(
                row => row.PartitionKey == instance,
                cancellationToken: Cancellation
            )
        )
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, Azure.ETag.All, Cancellation);
    }

    private static string Text(object? value) => value is byte[] bytes ? Text(bytes) : value?.ToString() ?? "";

    // Large messages are compressed.
    private static string Text(byte[] bytes)
    {
        if (bytes is not [0x1f, 0x8b, ..])
            return Encoding.UTF8.GetString(bytes);
        using var plain = new StreamReader(
            new System.IO.Compression.GZipStream(
                new MemoryStream(bytes),
                System.IO.Compression.CompressionMode.Decompress
            )
        );
        return plain.ReadToEnd();
    }
}
