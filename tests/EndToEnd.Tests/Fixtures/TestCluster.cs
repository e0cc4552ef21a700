using System.Net;
using System.Net.Http.Json;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// The cluster through the real kubectl, as its administrator. What is asked again and again until it holds, and what
/// each test does first, goes over HTTP: each kubectl costs a quarter of a second of a processor.
/// </summary>
public sealed class TestCluster(KubernetesCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<string> AdminAsync(params IEnumerable<string> arguments)
    {
        var run = await cluster.KubectlAsync("admin", arguments);
        return run.OrThrow($"kubectl {string.Join(' ', arguments)}").StdOut;
    }

    public async Task CreateNamespaceAsync(string name)
    {
        using var answer = await cluster.Administrator.PostAsJsonAsync(
            "/api/v1/namespaces",
            new { metadata = new { name } },
            Cancellation
        );
        answer.EnsureSuccessStatusCode();
    }

    public Task ApplyAsync(string manifest) => SendAsync("apply", manifest);

    /// <summary>For large objects: what is applied is in an annotation as well.</summary>
    public Task CreateAsync(string manifest) => SendAsync("create", manifest);

    /// <summary>A pod that no node will ever run, once the namespace has the service account that pods need.</summary>
    public async Task CreatePodAsync(string ns, string name)
    {
        await Eventually.Async(
            async () =>
                await AdminAsync("get", "serviceaccount", "default", "-n", ns, "--ignore-not-found", "-o", "name")
                != "",
            $"{ns} has a service account"
        );
        await AdminAsync("run", name, "--image=none", "-n", ns);
    }

    /// <summary>The Role of an ad-hoc grant, or nothing.</summary>
    public Task<string> RoleAsync(string ns, string name, string jsonPath) =>
        AdminAsync("get", "role", name, "-n", ns, "--ignore-not-found", "-o", $"jsonpath={jsonPath}");

    /// <summary>
    /// Tries it with this person's rights: what the API server decides, not what it would say about it.
    /// </summary>
    public Task<bool> MayReadAsync(Person person, string ns, string resource = "configmaps") =>
        MayAsync(person, "get", resource, "-n", ns);

    /// <summary>The same for any command of kubectl, which does its work if it is allowed.</summary>
    public async Task<bool> MayAsync(Person person, params IEnumerable<string> arguments)
    {
        var run = await cluster.KubectlAsync("admin", [.. arguments, "--as", person.UserName]);
        if (run.ExitCode == 0)
            return true;
        Assert.Contains("(Forbidden)", run.StdErr, StringComparison.Ordinal);
        return false;
    }

    public Task MayReadSoonAsync(Person person, string ns) =>
        Eventually.Async(() => ReadsAsync(person, ns), $"{person.UserName} may read {ns}");

    public Task MayNotReadSoonAsync(Person person, string ns) =>
        Eventually.Async(async () => !await ReadsAsync(person, ns), $"{person.UserName} may no longer read {ns}");

    /// <summary>In a namespace, or with null the ClusterRoleBinding.</summary>
    public async Task<bool> HasBindingAsync(string? ns, string name)
    {
        using var answer = await cluster.Administrator.GetAsync($"{BindingsOf(ns)}/{name}", Cancellation);
        return IsAllowed(answer, HttpStatusCode.NotFound);
    }

    public Task<string> BindingAsync(string? ns, string name, string jsonPath) =>
        AdminAsync(["get", Kind(ns), name, .. In(ns), "--ignore-not-found", "-o", $"jsonpath={jsonPath}"]);

    public Task CreateBindingAsync(string? ns, string name, string clusterRole, string userName) =>
        AdminAsync(["create", Kind(ns), name, $"--clusterrole={clusterRole}", $"--user={userName}", .. In(ns)]);

    public Task LabelBindingAsync(string? ns, string name, params IEnumerable<string> labels) =>
        AdminAsync(["label", Kind(ns), name, .. In(ns), .. labels]);

    public Task DeleteBindingAsync(string? ns, string name) => AdminAsync(["delete", Kind(ns), name, .. In(ns)]);

    public Task PatchBindingAsync(string? ns, string name, string jsonPatch) =>
        AdminAsync(["patch", Kind(ns), name, .. In(ns), "--type=json", $"--patch={jsonPatch}"]);

    private async Task SendAsync(string verb, string manifest)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, manifest);
        await AdminAsync(verb, "-f", file);
        File.Delete(file);
    }

    // What kubectl sends for `get configmaps --as`.
    private async Task<bool> ReadsAsync(Person person, string ns)
    {
        using var call = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/namespaces/{ns}/configmaps");
        call.Headers.Add("Impersonate-User", person.UserName);
        using var answer = await cluster.Administrator.SendAsync(call, Cancellation);
        return IsAllowed(answer, HttpStatusCode.Forbidden);
    }

    private static bool IsAllowed(HttpResponseMessage answer, HttpStatusCode otherwise)
    {
        if (answer.IsSuccessStatusCode)
            return true;
        Assert.Equal(otherwise, answer.StatusCode);
        return false;
    }

    private static string BindingsOf(string? ns) =>
        "/apis/rbac.authorization.k8s.io/v1/" + (ns is null ? "clusterrolebindings" : $"namespaces/{ns}/rolebindings");

    private static string Kind(string? ns) => ns is null ? "clusterrolebinding" : "rolebinding";

    private static string[] In(string? ns) => ns is null ? [] : ["-n", ns];
}
