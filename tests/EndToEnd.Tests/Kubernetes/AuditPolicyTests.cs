using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Kubernetes;

/// <summary>What the API server writes down by infra/kubernetes/audit-policy.yaml.</summary>
public sealed class AuditPolicyTests(PlatformFixture fixture)
{
    private const string Password = "correct-horse-battery-staple";

    [Fact]
    public async Task Actions_are_audited_with_the_binding_that_allowed_them_and_without_secrets()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var ns = team.Namespace;
        await team.Cluster.AdminAsync(
            "create",
            "secret",
            "generic",
            "database",
            $"--from-literal=password={Password}",
            "-n",
            ns
        );
        await team.Cluster.CreatePodAsync(ns, "consumer");
        var grant = await team.GrantAsync();
        await team.Cluster.MayReadSoonAsync(team.Alice, ns);

        var secret = await team.Cluster.AdminAsync(
            "get",
            "secret",
            "database",
            "-n",
            ns,
            "-o",
            "json",
            "--as",
            team.Alice.UserName
        );
        Assert.Contains(
            Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Password)),
            secret,
            StringComparison.Ordinal
        );
        var cluster = fixture.Platform.Cluster;
        // No node runs it, which is decided later.
        await cluster.KubectlAsync("admin", ["exec", "consumer", "-n", ns, "--as", team.Alice.UserName, "--", "true"]);
        await cluster.KubectlAsync(
            "admin",
            ["delete", "pod", "consumer", "-n", ns, "--wait=false", "--as", team.Alice.UserName]
        );

        (string, string, string?)[] done =
        [
            ("get", "secrets", null),
            ("create", "pods", "exec"),
            ("delete", "pods", null),
        ];
        var events = await Eventually.Async(
            () => Task.FromResult(Events(ns)),
            found => done.All(one => Deeds(found).Any(x => What(x) == one)),
            "all of it is written"
        );
        foreach (var one in done)
        {
            var deed = Deeds(events).First(x => What(x) == one);
            Assert.Contains($"\"jit-{grant.Id()}/{ns}\"", Annotation(deed, "reason"), StringComparison.Ordinal);
            Assert.Equal("Metadata", deed.At("level"));
        }

        // The grant itself, with what it gives; and nowhere the secret, neither when it was made nor when it was read.
        var made = events.First(x =>
            x.At("objectRef.resource") == "rolebindings"
            && x.At("objectRef.name") == $"jit-{grant.Id()}"
            && x.At("verb") == "patch"
        );
        Assert.Equal(("RequestResponse", "jit-controller"), (made.At("level"), made.At("user.username")));
        Assert.Equal(team.Alice.UserName, (string?)made["responseObject"]!["subjects"]![0]!["name"]);
        Assert.Contains(events, x => x.At("objectRef.resource") == "secrets" && x.At("verb") == "create");
        Assert.Each(
            Events(null).Where(x => x.At("objectRef.resource") == "secrets"),
            x => Assert.True(x["requestObject"] is null && x["responseObject"] is null)
        );

        IEnumerable<JsonNode> Deeds(IEnumerable<JsonNode> all) =>
            all.Where(x =>
                x.At("impersonatedUser.username") == team.Alice.UserName && Annotation(x, "decision") == "allow"
            );

        static (string?, string?, string?) What(JsonNode deed) =>
            (deed.At("verb"), deed.At("objectRef.resource"), deed.At("objectRef.subresource"));
    }

    [Fact]
    public async Task The_tokens_of_service_accounts_are_not_there_and_neither_are_the_clusters_own_parts()
    {
        var cluster = fixture.Platform.Cluster;
        var token = (await cluster.KubectlAsync("admin", "create", "token", "default", "-n", "default"))
            .OrThrow("create token")
            .StdOut.Trim();
        await Eventually.Async(
            () => Task.FromResult(Events("default").Any(x => x.At("objectRef.subresource") == "token")),
            "the issue is written"
        );
        Assert.DoesNotContain(File.ReadLines(cluster.AuditLog), line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(
            Events(null),
            x =>
                x.At("user.username") is "system:apiserver" or "system:kube-controller-manager"
                && x.At("objectRef.apiGroup") != "rbac.authorization.k8s.io"
                && x.At("objectRef.resource") is not ("secrets" or "configmaps" or "serviceaccounts" or "tokenreviews")
        );
    }

    // By WebSocket, which kubectl uses by now, each of these is a get: what the cluster's own parts read is left out,
    // and this must not be.
    [Fact]
    public async Task Ways_into_containers_and_nodes_are_there_even_when_the_clusters_own_parts_take_them()
    {
        const string name = "kube-system.audited";
        var cluster = fixture.Platform.Cluster;
        (await cluster.KubectlAsync("admin", "create", "serviceaccount", "audited", "-n", "kube-system")).OrThrow(
            "create serviceaccount"
        );
        await cluster.KubeconfigOfAsync("kube-system", "audited");
        // All are refused, which is written down as well.
        await cluster.KubectlAsync(name, "get", "--raw", "/api/v1/namespaces/default/pods/p");
        foreach (
            var path in new[]
            {
                "pods/p/exec?command=true",
                "pods/p/attach",
                "pods/p/portforward",
                "pods/p/proxy/",
                "pods/p/log",
                "services/s/proxy/",
            }
        )
            await cluster.KubectlAsync(name, "get", "--raw", $"/api/v1/namespaces/default/{path}");
        await cluster.KubectlAsync(name, "get", "--raw", "/api/v1/nodes/n/proxy/");

        var found = await Eventually.Async(
            () =>
                Task.FromResult(
                    Events(null)
                        .Where(x => x.At("user.username") == "system:serviceaccount:kube-system:audited")
                        .ToList()
                ),
            events => events.Any(x => x.At("objectRef.resource") == "nodes"),
            "the last of them is written"
        );
        Assert.Each(found, x => Assert.Equal(("get", "Metadata"), (x.At("verb"), x.At("level"))));
        Assert.Equal(
            ["nodes/proxy", "pods/attach", "pods/exec", "pods/log", "pods/portforward", "pods/proxy", "services/proxy"],
            found
                .Select(x => $"{x.At("objectRef.resource")}/{x.At("objectRef.subresource")}")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    private IReadOnlyList<JsonNode> Events(string? ns) =>
        [.. fixture.Platform.Cluster.AuditEntries().Where(x => ns is null || x.At("objectRef.namespace") == ns)];

    private static string? Annotation(JsonNode entry, string name) =>
        (string?)entry["annotations"]?[$"authorization.k8s.io/{name}"];
}
