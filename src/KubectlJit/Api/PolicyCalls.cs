using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// The API calls of docs/api.md about policies. Each returns the server's JSON, for scripts and for parsing.
/// </summary>
internal static class PolicyCalls
{
    public const string InForce = "in-force";

    public static Task<JsonElement> OffersAsync(this JitConnection server, CancellationToken cancel) =>
        GetAsync(server, "policies", cancel);

    public static async Task<JsonElement> SimulateAsync(
        this JitConnection server,
        NewRequest body,
        CancellationToken cancel
    )
    {
        using var answer = await server.PostAsync("policies/simulate", body, ApiJson.Default.NewRequest, cancel);
        return await answer.JsonAsync(cancel);
    }

    public static async Task<JsonElement> WhoCanAsync(
        this JitConnection server,
        RightQuestion body,
        CancellationToken cancel
    )
    {
        using var answer = await server.PostAsync("policies/who-can", body, ApiJson.Default.RightQuestion, cancel);
        return await answer.JsonAsync(cancel);
    }

    public static Task<JsonElement> PolicyVersionsAsync(this JitConnection server, CancellationToken cancel) =>
        GetAsync(server, "policies/versions", cancel);

    /// <summary>The versions that begin with this text, with or without <c>sha256:</c>.</summary>
    public static async Task<IReadOnlyList<string>> VersionsLikeAsync(
        this JitConnection server,
        string beginning,
        CancellationToken cancel
    )
    {
        var all = (await server.PolicyVersionsAsync(cancel)).Read(ApiJson.Default.PolicyVersions).Items;
        return
        [
            .. all.Select(version => version.Version)
                .Distinct()
                .Where(version =>
                    version.StartsWith(beginning, StringComparison.Ordinal)
                    || version.StartsWith($"sha256:{beginning}", StringComparison.Ordinal)
                ),
        ];
    }

    /// <param name="version">A version, or <see cref="InForce"/>.</param>
    /// <param name="at">With <see cref="InForce"/>: the time at which the version was in force.</param>
    public static Task<JsonElement> PolicyVersionAsync(
        this JitConnection server,
        string version,
        string? at,
        CancellationToken cancel
    ) =>
        GetAsync(
            server,
            $"policies/versions/{Uri.EscapeDataString(version)}{(at is null ? "" : $"?at={Uri.EscapeDataString(at)}")}",
            cancel
        );

    private static async Task<JsonElement> GetAsync(JitConnection server, string path, CancellationToken cancel)
    {
        using var answer = await server.GetAsync(path, cancel);
        return await answer.JsonAsync(cancel);
    }
}
