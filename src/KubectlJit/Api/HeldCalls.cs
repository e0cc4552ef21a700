using System.Runtime.CompilerServices;
using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

internal sealed record KnownAt(long Size, string Root);

/// <summary>A period of a grant in one namespace.</summary>
internal sealed record HeldPeriod(
    string Request,
    string Cluster,
    string Namespace,
    string Person,
    string Account,
    string Role,
    string Status,
    DateTimeOffset From,
    DateTimeOffset? Until = null,
    DateTimeOffset? Promised = null,
    string? Proof = null
);

/// <summary>Part of an answer: the server's JSON of each item for scripts, and what it means for people.</summary>
internal sealed record HeldPage(KnownAt Checkpoint, IReadOnlyList<JsonElement> Items, string? NextCursor = null);

/// <summary>The call of docs/api.md about who held what.</summary>
internal static class HeldCalls
{
    /// <summary>All pages of one answer. All are about the checkpoint of the first one.</summary>
    /// <param name="filters">Query parameters, already escaped.</param>
    public static async IAsyncEnumerable<HeldPage> HeldAsync(
        this JitConnection server,
        IReadOnlyList<string> filters,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        string? cursor = null;
        do
        {
            string[] query = cursor is null ? [.. filters] : [.. filters, $"cursor={Uri.EscapeDataString(cursor)}"];
            using var answer = await server.GetAsync($"audit/held?{string.Join('&', query)}", cancel);
            var page = (await answer.JsonAsync(cancel)).Read(ApiJson.Default.HeldPage);
            cursor = page.NextCursor;
            yield return page;
        } while (cursor is not null);
    }
}
