using JitFunctions.LocalStack;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.EndToEnd.Tests.Kubernetes;

/// <summary>What kustomize makes of each overlay.</summary>
public sealed class OverlayTests
{
    private const string Nobody = "00000000-0000-0000-0000-000000000000";
    private static readonly string Folder = Path.Combine(LocalPlatform.Infrastructure, "overlays");

    public static TheoryData<string> Overlays() =>
        [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_overlay_builds_and_grants_only_the_expected_rights(string overlay)
    {
        var objects = await BuildAsync(overlay);
        Assert.Contains(objects, x => Kind(x) == "ClusterRole" && Name(x) == "jit-controller");
        foreach (
            var rule in objects
                .Where(x => Kind(x) is "ClusterRole" or "Role")
                .SelectMany(x => ((YamlSequenceNode)x["rules"]).Cast<YamlMappingNode>())
        )
        {
            var verbs = Texts(rule, "verbs");
            Assert.DoesNotContain(
                verbs,
                verb => verb is "*" or "escalate" or "impersonate" or "deletecollection" or "update"
            );
            Assert.DoesNotContain("*", Texts(rule, "resources"));
            Assert.DoesNotContain("*", Texts(rule, "apiGroups"));
            // Without names it would be every role.
            if (verbs.Contains("bind"))
                Assert.NotEmpty(Texts(rule, "resourceNames"));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_overlay_names_one_controller(string overlay)
    {
        var subjects = (await BuildAsync(overlay))
            .Where(x =>
                Kind(x) is "ClusterRoleBinding" or "RoleBinding"
                && !Name(x).Contains("reaper", StringComparison.Ordinal)
            )
            .SelectMany(x => ((YamlSequenceNode)x["subjects"]).Cast<YamlMappingNode>())
            .Select(subject => $"{subject["kind"]} {subject["name"]}")
            .Distinct();
        Assert.Equal(
            [
                overlay switch
                {
                    "aks" => $"User {Nobody}",
                    "in-cluster" => "ServiceAccount jit-controller",
                    _ => "User jit-controller",
                },
            ],
            subjects
        );
    }

    [Theory]
    [InlineData("aks")]
    [InlineData("in-cluster")]
    public async Task The_reaper_runs_every_minute_as_its_own_account_rootless_and_read_only(string overlay)
    {
        var job = Assert.Single(await BuildAsync(overlay), x => Kind(x) == "CronJob");
        var pod = (YamlMappingNode)job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
        var container = (YamlMappingNode)pod["containers"][0];
        Assert.Equal(
            ("* * * * *", "jit-reaper", "true"),
            ($"{job["spec"]["schedule"]}", $"{pod["serviceAccountName"]}", $"{pod["securityContext"]["runAsNonRoot"]}")
        );
        Assert.Equal(
            ("true", "false"),
            (
                $"{container["securityContext"]["readOnlyRootFilesystem"]}",
                $"{container["securityContext"]["allowPrivilegeEscalation"]}"
            )
        );
        Assert.Contains("@sha256:", $"{container["image"]}", StringComparison.Ordinal);
        Assert.Equal("reap", $"{container["args"][0]}");
    }

    [Theory]
    [InlineData("aks", Nobody)]
    [InlineData("in-cluster", "system:serviceaccount:jit-system:jit-controller")]
    public async Task The_admission_policy_is_about_that_controller_and_the_reaper(string overlay, string controller)
    {
        var policy = Assert.Single(await BuildAsync(overlay), x => Kind(x) == "ValidatingAdmissionPolicy");
        Assert.Equal(
            $"['{controller}', 'system:serviceaccount:jit-system:jit-reaper']",
            $"{policy["spec"]["variables"][0]["expression"]}"
        );
    }

    private static async Task<IReadOnlyList<YamlMappingNode>> BuildAsync(string overlay)
    {
        var built = (
            await Command.RunAsync(
                "kubectl",
                ["kustomize", Path.Combine(Folder, overlay)],
                cancellation: TestContext.Current.CancellationToken
            )
        ).OrThrow($"kustomize {overlay}");
        Assert.Equal(string.Empty, built.StdErr);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(built.StdOut));
        return [.. yaml.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    private static string Kind(YamlMappingNode x) => $"{x["kind"]}";

    private static string Name(YamlMappingNode x) => $"{x["metadata"]["name"]}";

    private static IReadOnlyList<string> Texts(YamlMappingNode rule, string field) =>
        rule.Children.TryGetValue(field, out var list) ? [.. ((YamlSequenceNode)list).Select(item => $"{item}")] : [];
}
