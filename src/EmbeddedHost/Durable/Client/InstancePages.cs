using System.Runtime.CompilerServices;
using JitFunctions.EmbeddedHost.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace JitFunctions.EmbeddedHost.Durable.Client;

/// <summary>Pages in the order of the ids; the last id of a page is the token for the next.</summary>
internal sealed class InstancePages(InstanceQueries queries, OrchestrationQuery query) : AsyncPageable<OrchestrationMetadata>
{
    public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        => ReadAsync(continuationToken ?? query.ContinuationToken, pageSizeHint ?? query.PageSize);

    private async IAsyncEnumerable<Page<OrchestrationMetadata>> ReadAsync(
        string? after, int size, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        do
        {
            var page = await queries.ListAsync(query, after ?? string.Empty, size, cancellation);
            after = page.Count == size ? page[^1].InstanceId : null;
            yield return new Page<OrchestrationMetadata>(page, after);
        }
        while (after is not null);
    }
}
