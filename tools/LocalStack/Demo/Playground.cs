namespace JitFunctions.LocalStack;

/// <summary>Leaves the platform running so that people can try it, and prints instructions.</summary>
internal static class Playground
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(12);

    public static async Task OpenAsync(LocalPlatform platform, TextWriter output, CancellationToken cancellation)
    {
        foreach (var person in Person.All)
            await File.WriteAllTextAsync(
                EnvironmentFile(platform, person.Name),
                Exports(platform, person),
                cancellation
            );
        const string people =
            "alice (payments-devs), bob (payments-leads), carol (platform-admins), dave (auditors) or mallory";
        const string ask =
            "kubectl jit request --cluster demo -n payments --role edit --duration 5m "
            + "--reason \"restart the stuck consumer\" --wait";
        output.WriteLine(
            $"""

            Everything runs. Ctrl-C stops and removes it all; tokens last {TokenLifetime.TotalHours:0} hours.

              function app   {platform.Host.Address}api    (log: {platform.Host.Log})
              issuer         {platform.Issuer.Authority}
              database       {platform.Database}
              kubeconfigs    {platform.Cluster.Kubeconfig("admin")}  (cluster administrator; alice, bob, … beside it)
              policies       {platform.Policies}
              log            {platform.Log.Policy}  (for kubectl jit verify; checkpoints beside it)

            In another terminal, become {people}:

              source {EnvironmentFile(platform, "alice")}
              kubectl get pods -n payments
              {ask}

            In a third, decide:

              source {EnvironmentFile(platform, "bob")}
              kubectl jit list --reviewable
              kubectl jit approve ID

            Then: kubectl jit show|events|relinquish|revoke ID, kubectl jit audit (dave), or the HTTP API (docs/api.md):

              curl -H "Authorization: Bearer $JIT_TOKEN" $JIT_SERVER/api/requests

            """
        );
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    private static string EnvironmentFile(LocalPlatform platform, string person) =>
        Path.ChangeExtension(platform.Cluster.Kubeconfig(person), ".env");

    private static string Exports(LocalPlatform platform, Person person) =>
        $"""
            export PATH="{LocalPlatform.PluginFolder}:$PATH"
            export KUBECONFIG="{platform.Cluster.Kubeconfig(person.Name)}"
            export JIT_SERVER="{platform.Host.Address.OriginalString}"
            export JIT_TOKEN="{platform.TokenFor(person.Name, TokenLifetime)}"
            PS1="({person.Name}) $PS1"

            """;
}
