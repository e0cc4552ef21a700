using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>The identity and standing of the bearer of a token.</summary>
/// <param name="GroupsComplete">
/// False when the person is in more groups than the token lists, so that the groups are not fully known.
/// </param>
/// <param name="ServerVersion">Null for servers before 0.10.0.</param>
internal sealed record WhoAmI(
    string Username,
    string? Subject = null,
    IReadOnlyList<string>? OtherAccounts = null,
    IReadOnlyList<string>? Groups = null,
    bool GroupsComplete = true,
    bool Administrator = false,
    bool Auditor = false,
    DateTimeOffset? ExpiresAt = null,
    string? ServerVersion = null
);

/// <param name="Installation">The id that the objects of this installation carry in the clusters.</param>
internal sealed record ReconcilerReports(IReadOnlyList<ReconcilerReport> Items, string? Installation = null);

/// <summary>The findings of the latest run of one schedule.</summary>
/// <param name="Total">The number of all findings. If there are many, the server sends only the first.</param>
internal sealed record ReconcilerReport(
    string Id,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    int Total = 0,
    IReadOnlyList<Finding>? Findings = null
);

internal sealed record Finding(
    string Kind,
    string? Subject = null,
    string? Detail = null,
    DateTimeOffset? Since = null
);

/// <summary>The API calls of docs/api.md about the caller and about the server.</summary>
internal static class StandingCalls
{
    public static Task<JsonElement> WhoAmIAsync(this JitConnection server, CancellationToken cancel) =>
        GetAsync(server, "whoami", cancel);

    public static Task<JsonElement> ReconcilerAsync(this JitConnection server, CancellationToken cancel) =>
        GetAsync(server, "reconciler", cancel);

    private static async Task<JsonElement> GetAsync(JitConnection server, string path, CancellationToken cancel)
    {
        using var answer = await server.GetAsync(path, cancel);
        return await answer.JsonAsync(cancel);
    }
}
