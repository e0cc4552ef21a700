using System.Text.Json.Nodes;
using JitFunctions.Container.Tests.Image;

namespace JitFunctions.Container.Tests.Kubernetes;

/// <summary>The app's pods and what is around them, as a real API server took them.</summary>
public sealed class ManifestTests(AppImage image, InstalledApp installation)
{
    private IEnumerable<JsonNode> Templates =>
        [
            App["spec"]!["template"]!,
            Object("Job", "jit-schema")["spec"]!["template"]!,
            Object("CronJob", "jit-reaper")["spec"]!["jobTemplate"]!["spec"]!["template"]!,
        ];

    private JsonNode App => Object("Deployment", "jit-access");

    [Fact]
    public void The_namespace_takes_restricted_pods_only() =>
        Assert.Equal(
            "restricted",
            (string?)
                Object("Namespace", InstalledApp.Namespace)["metadata"]!["labels"]![
                    "pod-security.kubernetes.io/enforce"
                ]
        );

    [Fact]
    public void The_pods_are_restricted_and_cannot_write_to_their_root()
    {
        Assert.Each(
            Templates,
            template =>
            {
                Assert.Empty(RestrictedPods.Errors(template["spec"]!));
                Assert.Each(
                    template["spec"]!["containers"]!.AsArray(),
                    container => Assert.True((bool?)container!["securityContext"]!["readOnlyRootFilesystem"])
                );
            }
        );
    }

    [Theory]
    [InlineData("""{"hostNetwork": true}""")]
    [InlineData("""{"volumes": [{"name": "host", "hostPath": {"path": "/"}}]}""")]
    [InlineData(
        """{"securityContext": {"runAsNonRoot": true, "runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}}}"""
    )]
    [InlineData("""{"securityContext": {"runAsNonRoot": true, "runAsUser": 1654}}""")]
    [InlineData("""{"initContainers": [{"name": "more", "securityContext": {"privileged": true}}]}""")]
    public void What_would_not_be_admitted_is_found(string change)
    {
        var pod = App["spec"]!["template"]!["spec"]!.DeepClone().AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
            pod[name] = value!.DeepClone();
        Assert.NotEmpty(RestrictedPods.Errors(pod));
    }

    [Fact]
    public void The_pods_run_as_the_user_of_the_image_and_listen_where_it_listens()
    {
        Assert.Each(
            Templates,
            template =>
                Assert.Equal(
                    (string?)image.Run["User"],
                    $"{template["spec"]!["securityContext"]!["runAsUser"]}:"
                        + $"{template["spec"]!["securityContext"]!["runAsGroup"]}"
                )
        );
        Assert.Equal(
            image.Run["ExposedPorts"]!.AsObject().Single().Key,
            $"{App["spec"]!["template"]!["spec"]!["containers"]![0]!["ports"]![0]!["containerPort"]}/tcp"
        );
    }

    [Fact]
    public void Secrets_are_referred_to_and_never_written_down()
    {
        Assert.DoesNotContain(installation.Objects, found => (string?)found["kind"] == "Secret");
        Assert.Each(
            Templates.SelectMany(template => template["spec"]!["containers"]![0]!["env"]!.AsArray()),
            variable =>
                Assert.True(
                    variable!["valueFrom"]?["secretKeyRef"] is not null
                        || (string?)variable["name"] is "Policies__Path" or "DOTNET_EnableDiagnostics",
                    variable.ToJsonString()
                )
        );
        var settings = installation.Objects.Single(found =>
            (string?)found["kind"] == "ConfigMap"
            && Name(found).StartsWith("jit-access-settings", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            settings["data"]!.AsObject(),
            setting =>
                setting.Key.Contains("Secret", StringComparison.OrdinalIgnoreCase)
                || setting.Key.StartsWith("ConnectionStrings", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public void A_changed_setting_replaces_the_pods_and_changed_policies_do_not()
    {
        var template = App["spec"]!["template"]!["spec"]!;
        Assert.Matches(
            "^jit-access-settings-.+",
            (string)template["containers"]![0]!["envFrom"]![0]!["configMapRef"]!["name"]!
        );
        Assert.Equal("jit-access-policies", (string?)template["volumes"]![0]!["configMap"]!["name"]);
        // One with it never changes.
        Assert.Each(template["containers"]![0]!["volumeMounts"]!.AsArray(), mount => Assert.Null(mount!["subPath"]));
    }

    [Fact]
    public async Task The_api_server_makes_pods_of_it()
    {
        // There are no nodes, so this is as far as they get.
        var pods = "";
        for (var i = 0; i < 1800 && pods.Split('\n').Length < 3; i++)
        {
            pods = await installation.Kubectl.RunAsync(
                "get",
                "pods",
                "--selector",
                "app.kubernetes.io/name=jit-access",
                "--output",
                "jsonpath={range .items[*]}{.status.phase}{\"\\n\"}{end}"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        Assert.Equal("Pending\nPending\n", pods);
    }

    [Theory]
    [InlineData("jit-controller", "get", "secrets")]
    [InlineData("jit-controller", "update", "configmaps")]
    [InlineData("jit-controller", "create", "pods")]
    [InlineData("jit-controller", "create", "pods/exec")]
    [InlineData("jit-controller", "create", "serviceaccounts/token")]
    [InlineData("jit-controller", "impersonate", "users")]
    [InlineData("jit-reaper", "get", "secrets")]
    [InlineData("jit-schema", "get", "secrets")]
    [InlineData("jit-schema", "list", "rolebindings.rbac.authorization.k8s.io")]
    [InlineData("default", "list", "rolebindings.rbac.authorization.k8s.io")]
    public async Task No_service_account_has_these_rights_in_its_own_namespace(
        string account,
        string verb,
        string resource
    ) => Assert.Equal("no", await MayAsync(account, verb, resource));

    [Fact]
    public async Task The_app_has_the_role_of_the_controller()
    {
        Assert.Equal("yes", await MayAsync("jit-controller", "create", "rolebindings.rbac.authorization.k8s.io"));
        Assert.Equal("yes", await MayAsync("jit-controller", "bind", "clusterroles.rbac.authorization.k8s.io/view"));
        Assert.Equal(
            "no",
            await MayAsync("jit-controller", "bind", "clusterroles.rbac.authorization.k8s.io/cluster-admin")
        );
    }

    [Fact]
    public void Pods_are_reached_at_their_port_and_reach_no_credentials_of_the_machine()
    {
        Assert.Equal("{}", Object("NetworkPolicy", "deny-all")["spec"]!["podSelector"]!.ToJsonString());
        Assert.Equal(
            [8080],
            Object("NetworkPolicy", "jit-access")["spec"]!["ingress"]!
                .AsArray()
                .SelectMany(rule => rule!["ports"]!.AsArray())
                .Select(port => (int)port!["port"]!)
        );
        var addresses = Object("NetworkPolicy", "jit-access-egress")["spec"]!["egress"]!
            .AsArray()
            .SelectMany(rule => rule!["to"]!.AsArray())
            .Select(to => to!["ipBlock"]!)
            .ToList();
        Assert.Contains(
            "jit-reaper",
            Object("NetworkPolicy", "jit-access-egress").ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "169.254.0.0/16",
            addresses.Single(block => (string?)block["cidr"] == "0.0.0.0/0")["except"]!
                .AsArray()
                .Select(range => (string?)range)
        );
    }

    private static string Name(JsonNode found) => (string)found["metadata"]!["name"]!;

    private JsonNode Object(string kind, string name) =>
        installation.Objects.Single(found => (string?)found["kind"] == kind && Name(found) == name);

    private async Task<string> MayAsync(string account, string verb, string resource) =>
        (
            await installation.Kubectl.TryAsync(
                "auth",
                "can-i",
                verb,
                resource,
                "--as",
                $"system:serviceaccount:{InstalledApp.Namespace}:{account}"
            )
        ).StdOut.Trim();
}
