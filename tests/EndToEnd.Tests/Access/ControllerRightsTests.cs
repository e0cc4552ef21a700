namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>What the app's own identity can do, by what <c>kubectl apply -k</c> made of infra/kubernetes.</summary>
public sealed class ControllerRightsTests(PlatformFixture fixture)
{
    [Theory]
    [InlineData("get", "secrets", "-A")]
    [InlineData("get", "secrets", "-n", "kube-system")]
    [InlineData("get", "secret", "any", "-n", "default")]
    [InlineData("get", "serviceaccounts", "-n", "kube-system")]
    [InlineData("create", "secret", "generic", "mine", "-n", "default")]
    [InlineData("create", "serviceaccount", "mine", "-n", "default")]
    [InlineData("delete", "secret", "any", "-n", "default")]
    [InlineData("create", "--raw", "/api/v1/namespaces/kube-system/serviceaccounts/default/token", "-f", "-")]
    [InlineData("create", "--raw", "/api/v1/namespaces/jit-system/serviceaccounts/jit-reaper/token", "-f", "-")]
    [InlineData("get", "events", "-n", CredentialNamespace.Name)]
    [InlineData("create", "clusterrolebinding", "mine", "--clusterrole=cluster-admin", "--user=jit-controller")]
    [InlineData(
        "create",
        "rolebinding",
        "mine",
        "--clusterrole=cluster-admin",
        "--user=jit-controller",
        "-n",
        "default"
    )]
    [InlineData("create", "rolebinding", "mine", "--clusterrole=admin", "--user=jit-controller", "-n", "default")]
    [InlineData("create", "clusterrolebinding", "mine", "--clusterrole=system:node", "--user=jit-controller")]
    [InlineData("create", "clusterrole", "mine", "--verb=get", "--resource=pods")]
    [InlineData("create", "clusterrole", "mine", "--verb=escalate", "--resource=clusterroles")]
    [InlineData("create", "role", "mine", "--verb=get", "--resource=secrets", "-n", "default")]
    [InlineData("create", "role", "mine", "--verb=impersonate", "--resource=users", "-n", "default")]
    [InlineData("patch", "clusterrole", "jit-controller", "--type=json", "--patch=[]")]
    [InlineData("delete", "clusterrole", "view")]
    [InlineData("get", "namespaces")]
    [InlineData("get", "pods", "-n", "default", "--as=system:admin", "--as-group=system:masters")]
    [InlineData("get", "pods", "-n", "default", "--as=alice@example.com")]
    [InlineData("create", "namespace", "mine")]
    [InlineData("run", "mine", "--image=mine", "-n", "default")]
    [InlineData("create", "--raw", "/apis/certificates.k8s.io/v1/certificatesigningrequests", "-f", "-")]
    public async Task The_controller_is_refused_what_its_role_does_not_allow(params string[] arguments)
    {
        var run = await fixture.Platform.Cluster.KubectlAsync("jit-controller", arguments);
        Assert.NotEqual(0, run.ExitCode);
        // An unknown role cannot be bound either: then there are no rights to look at.
        Assert.Matches("orbidden|not found", run.StdErr);
    }

    [Fact]
    public async Task The_controller_cannot_change_a_binding_to_a_role_it_may_not_bind()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var cluster = fixture.Platform.Cluster;
        (
            await cluster.KubectlAsync(
                "jit-controller",
                "create",
                "rolebinding",
                "its-own",
                "--clusterrole=view",
                "--user=somebody",
                "-n",
                team.Namespace
            )
        ).OrThrow("bind view");
        foreach (
            var change in new[]
            {
                """[{"op":"replace","path":"/roleRef/name","value":"cluster-admin"}]""",
                """[{"op":"replace","path":"/roleRef","value":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"any"}}]""",
            }
        )
        {
            var run = await cluster.KubectlAsync(
                "jit-controller",
                "patch",
                "rolebinding",
                "its-own",
                "-n",
                team.Namespace,
                "--type=json",
                $"--patch={change}"
            );
            Assert.NotEqual(0, run.ExitCode);
        }

        Assert.Equal("view", await team.Cluster.BindingAsync(team.Namespace, "its-own", "{.roleRef.name}"));
    }

    [Fact]
    public async Task The_controller_cannot_add_subjects_to_a_binding_of_another_role()
    {
        var team = await Team.SetAsync(fixture.Platform);
        await team.Cluster.CreateBindingAsync(team.Namespace, "of-others", "admin", "somebody");
        var run = await fixture.Platform.Cluster.KubectlAsync(
            "jit-controller",
            "patch",
            "rolebinding",
            "of-others",
            "-n",
            team.Namespace,
            "--type=json",
            """--patch=[{"op":"replace","path":"/subjects/0/name","value":"jit-controller"}]"""
        );
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("orbidden", run.StdErr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_controller_can_read_secrets_and_service_accounts_in_the_credential_namespace()
    {
        foreach (var kind in new[] { "secrets", "serviceaccounts" })
            (
                await fixture.Platform.Cluster.KubectlAsync(
                    "jit-controller",
                    "get",
                    kind,
                    "-n",
                    CredentialNamespace.Name
                )
            ).OrThrow($"get {kind}");
    }
}
