using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>What is asked: <paramref name="Namespaces"/> or <paramref name="ClusterWide"/>, never both.</summary>
internal sealed record NewRequest(
    string Cluster, string[]? Namespaces, bool? ClusterWide, Role Role, string Duration, string Reason, string? Ticket);

internal sealed record NewReview(string Verdict, string? Comment);

internal sealed record NewEnding(string? Comment);

internal sealed record RequestPage(JsonElement[] Items, string? NextCursor = null);

/// <summary>One version of a request: as the server sent it, for scripts, and read, for people.</summary>
internal sealed record Snapshot(JsonElement Json, AccessRequest Request)
{
    public static Snapshot Of(JsonElement json) => new(json, json.Read(ApiJson.Default.AccessRequest));
}
