using System.Text.Json;

namespace JitFunctions.LocalStack;

/// <summary>
/// Asks the API server, as the administrator, whether it is up and whether the aggregated roles are filled.
/// </summary>
internal sealed class ApiProbe(HttpClient administrator)
{
    private static readonly string[] AggregatedRoles = ["view", "edit", "admin"];

    public Task<bool> IsReadyAsync(CancellationToken cancellation) => AskAsync("/readyz", _ => true, cancellation);

    public async Task<bool> HasAggregatedRolesAsync(CancellationToken cancellation)
    {
        foreach (var role in AggregatedRoles)
            if (!await AskAsync($"/apis/rbac.authorization.k8s.io/v1/clusterroles/{role}", HasRules, cancellation))
                return false;
        return true;
    }

    private static bool HasRules(string role)
    {
        using var document = JsonDocument.Parse(role);
        return document.RootElement.TryGetProperty("rules", out var rules)
            && rules.ValueKind == JsonValueKind.Array
            && rules.GetArrayLength() > 0;
    }

    private async Task<bool> AskAsync(string path, Func<string, bool> isFine, CancellationToken cancellation)
    {
        try
        {
            using var answer = await administrator.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode && isFine(await answer.Content.ReadAsStringAsync(cancellation));
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
