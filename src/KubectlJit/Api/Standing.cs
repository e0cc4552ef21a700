using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>Whom a token makes its bearer.</summary>
/// <param name="GroupsComplete">False where there are more than the token lists, so that it cannot be told
/// which.</param>
/// <param name="ServerVersion">Of servers before 0.10.0 it is not known.</param>
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

/// <summary>What the latest run of one schedule found.</summary>
/// <param name="Total">All of it; of many the server sends only the first.</param>
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

/// <summary>The calls of docs/api.md about the caller and about the server itself.</summary>
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
