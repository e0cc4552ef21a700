using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// What is asked: <paramref name="Namespaces"/> or <paramref name="ClusterWide"/>, never both, and
/// <paramref name="Role"/> or <paramref name="Rules"/>, never both.
/// </summary>
/// <param name="As">Only to simulate: for somebody else.</param>
internal sealed record NewRequest(
    string Cluster,
    string[]? Namespaces,
    bool? ClusterWide,
    Role? Role,
    IReadOnlyList<Rule>? Rules,
    string? Duration,
    string? Start,
    bool? BreakGlass,
    string? Reason,
    string? Ticket,
    Person? As = null
);

internal sealed record Person(string Username, string[] Groups);

/// <param name="Scope">What the reviewer saw.</param>
internal sealed record NewReview(string Verdict, string? Scope, string? Comment, Narrowing? Narrow);

/// <summary>Less than was asked; what is null stays.</summary>
internal sealed record Narrowing(string? Duration, string[]? Namespaces, IReadOnlyList<Rule>? Rules);

internal sealed record NewExtension(string Duration, string Reason);

internal sealed record NewEnding(string? Comment);

internal sealed record Nothing;

/// <summary>Who can do this: in <paramref name="Namespace"/> or <paramref name="ClusterWide"/>, never both.</summary>
internal sealed record RightQuestion(
    string Cluster,
    string? Namespace,
    bool? ClusterWide,
    string Verb,
    string Resource,
    string? ApiGroup,
    string? Name
);

internal sealed record RequestPage(JsonElement[] Items, string? NextCursor = null);

/// <summary>One version of a request: as the server sent it, for scripts, and read, for people.</summary>
internal sealed record Snapshot(JsonElement Json, AccessRequest Request)
{
    public static Snapshot Of(JsonElement json) => new(json, json.Read(ApiJson.Default.AccessRequest));
}
