using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>Where the service accounts of ephemeral grants are, as the cluster's administrator sees it.</summary>
internal sealed class CredentialNamespace(TestCluster cluster)
{
    public const string Name = "jit-access";

    /// <summary>Of these kinds what has this name, as <c>kind/name</c>.</summary>
    public async Task<IReadOnlyList<string>> HoldsAsync(string name, string kinds = "secret,serviceaccount") =>
        [
            .. (await cluster.AdminAsync("get", kinds, "-n", Name, "-o", "name"))
                .Split('\n')
                .Where(found => found.EndsWith($"/{name}", StringComparison.Ordinal)),
        ];

    public Task<string> ReadAsync(string kind, string name, string jsonPath) =>
        cluster.AdminAsync("get", kind, name, "-n", Name, "--ignore-not-found", "-o", $"jsonpath={jsonPath}");

    public Task CreateAsync(string kind, string name) =>
        cluster.AdminAsync(
            kind == "secret" ? ["create", "secret", "generic", name, "-n", Name] : ["create", kind, name, "-n", Name]
        );

    public Task LabelAsync(string kind, string name, params IEnumerable<string> labels) =>
        cluster.AdminAsync(["label", kind, name, "-n", Name, "--overwrite", .. labels]);

    public Task PatchAsync(string kind, string name, string mergePatch) =>
        cluster.AdminAsync("patch", kind, name, "-n", Name, "--type=merge", $"--patch={mergePatch}");

    public Task DeleteAsync(string kind, string name) =>
        cluster.AdminAsync("delete", kind, name, "-n", Name, "--wait=false");

    /// <summary>A token without end, as clusters before 1.24 made one for each service account by themselves.</summary>
    public async Task MakeLastingTokenAsync(string account)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            $$"""
            apiVersion: v1
            kind: Secret
            type: kubernetes.io/service-account-token
            metadata: { name: {{account}}-by-hand, namespace: {{Name}}, annotations: { kubernetes.io/service-account.name: {{account}} } }
            """
        );
        await cluster.AdminAsync("apply", "-f", file);
        File.Delete(file);
    }

    /// <summary>Of each Secret with a token without end of this service account.</summary>
    public async Task<IReadOnlyList<string>> LastingTokensAsync(string account)
    {
        var secrets = JsonNode.Parse(await cluster.AdminAsync("get", "secrets", "-n", Name, "-o", "json"))![
            "items"
        ]!.AsArray();
        return
        [
            .. secrets
                .Where(secret =>
                    (string?)secret!["metadata"]!["annotations"]?["kubernetes.io/service-account.name"] == account
                )
                .Select(secret => secret!.At("data.token"))
                .OfType<string>()
                .Select(token => System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(token))),
        ];
    }
}
