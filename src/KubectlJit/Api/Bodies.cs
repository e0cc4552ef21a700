using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// The body of a new request: <paramref name="Namespaces"/> or <paramref name="ClusterWide"/>, never both, and
/// <paramref name="Role"/> or <paramref name="Rules"/>, never both.
/// </summary>
/// <param name="As">For simulations only: the person for whom the request is simulated.</param>
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
    SimulatedUser? As = null
);

internal sealed record SimulatedUser(string Username, string[] Groups);

/// <param name="Scope">The hash of the scope that was shown to the reviewer.</param>
internal sealed record NewReview(string Verdict, string? Scope, string? Comment, Narrowing? Narrow);

/// <summary>What an approver reduces. A null leaves the value unchanged.</summary>
internal sealed record Narrowing(string? Duration, string[]? Namespaces, IReadOnlyList<Rule>? Rules);

internal sealed record NewExtension(string Duration, string Reason);

internal sealed record NewEnding(string? Comment);

internal sealed record Nothing;

/// <summary>
/// The question who can do this, in <paramref name="Namespace"/> or <paramref name="ClusterWide"/>, never both.
/// </summary>
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

/// <summary>One version of a request: the server's JSON for scripts, and the parsed request for people.</summary>
internal sealed record Snapshot(JsonElement Json, AccessRequest Request)
{
    public static Snapshot Of(JsonElement json) => new(json, json.Read(ApiJson.Default.AccessRequest));
}
