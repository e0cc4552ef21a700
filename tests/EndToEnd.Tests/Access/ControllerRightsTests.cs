namespace JitFunctions.EndToEnd.Tests.Access;

/// <summary>What the app's own identity can do with secrets and service accounts, by the manifests in infra/kubernetes.</summary>
public sealed class ControllerRightsTests(Stage stage)
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
    [InlineData("get", "events", "-n", CredentialNamespace.Name)]
    public async Task It_can_not(params string[] arguments)
    {
        var run = await stage.Platform.Cluster.KubectlAsync("jit-controller", arguments);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("orbidden", run.StdErr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_in_the_namespace_of_the_credentials()
    {
        foreach (var kind in new[] { "secrets", "serviceaccounts" })
            (await stage.Platform.Cluster.KubectlAsync("jit-controller", "get", kind, "-n", CredentialNamespace.Name)).OrThrow($"get {kind}");
    }
}
