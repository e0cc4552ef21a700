using System.Globalization;
using System.Security.Cryptography;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.LocalStack;
using k8s;

namespace JitFunctions.Functions.Tests.Reconciliation;

/// <summary>The reaper against a real API server, with the token of its service account and nothing else.</summary>
public sealed class ReaperTests(ReaperFixture fixture) : IClassFixture<ReaperFixture>
{
    private const string Ours = "app.kubernetes.io/managed-by: jit-access";
    private const string Places = "rolebindings,clusterrolebindings,roles,serviceaccounts,secrets";
    private readonly string _suffix = RandomNumberGenerator.GetHexString(8, lowercase: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_over_goes_and_what_lives_or_is_not_ours_stays()
    {
        var (past, future) = (At(TimeSpan.FromMinutes(-3)), At(TimeSpan.FromHours(1)));
        await ApplyAsync(
            Binding("over", past),
            Binding("live", future),
            Binding("just-over", At(TimeSpan.FromSeconds(-1))),
            Binding("silent", null),
            Binding("garbled", "soon"),
            Binding("foreign", past, "app.kubernetes.io/managed-by: helm"),
            Wide("wide-over", past),
            Wide("wide-live", future),
            Role("role-over", past),
            Role("role-live", future),
            Account("account-over", past),
            Account("account-live", future),
            Secret("account-over", past)
        );

        var run = (await ReapProcess.RunAsync(fixture.Kubeconfig, [], Cancellation)).OrThrow("reap");

        Assert.Equal(
            ["account-live", "account-over", "foreign", "just-over", "live", "role-live", "wide-live"],
            (await NamesAsync()).Except(["default"]).Order()
        );
        Assert.Equal([Name("account-over")], await NamesOfAsync("secrets"));
        Assert.Contains($"deleted: RoleBinding default/{Name("over")} ", run.StdOut, StringComparison.Ordinal);
        Assert.Contains(past, run.StdOut, StringComparison.Ordinal);
        Assert.Matches($"deleted: RoleBinding default/{Name("silent")} .*: it does not say when it ends", run.StdOut);
        Assert.Equal(
            (0, string.Empty),
            ((await ReapProcess.RunAsync(fixture.Kubeconfig, [], Cancellation)).ExitCode, run.StdErr)
        );
    }

    [Fact]
    public async Task The_label_of_another_installation_keeps_nothing_that_is_over()
    {
        const string others = $"{Ours}, jit-access/installation: elsewhere";
        await ApplyAsync(
            Binding("theirs-over", At(TimeSpan.FromMinutes(-3)), others),
            Binding("theirs-live", At(TimeSpan.FromHours(1)), others)
        );
        (await ReapProcess.RunAsync(fixture.Kubeconfig, [], Cancellation)).OrThrow("reap");
        Assert.Equal(["theirs-live"], await NamesAsync());
    }

    [Fact]
    public async Task A_grant_that_is_extended_after_it_was_found_over_stays()
    {
        await ApplyAsync(
            Binding("renewed", At(TimeSpan.FromMinutes(-3))),
            Binding("over", At(TimeSpan.FromMinutes(-3)))
        );
        var report = new StringWriter();
        Assert.True(
            await ReapAsync(
                report,
                beforeDelete: name =>
                    name == Name("renewed")
                        ? ApplyAsync(Binding("renewed", At(TimeSpan.FromHours(1))))
                        : Task.CompletedTask
            )
        );
        Assert.Equal(["renewed"], await NamesAsync());
        Assert.Contains(
            $"not deleted: RoleBinding default/{Name("renewed")} ",
            report.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_over_goes_whatever_its_name_means_in_an_address()
    {
        var past = At(TimeSpan.FromMinutes(-3));
        await ApplyAsync(
            Binding("odd?x=1", past),
            Wide("odd#x", past),
            Role("odd?x=1", past),
            Binding("odd", At(TimeSpan.FromHours(1)))
        );
        (await ReapProcess.RunAsync(fixture.Kubeconfig, [], Cancellation)).OrThrow("reap");
        Assert.Equal(["odd"], await NamesAsync());
    }

    [Fact]
    public async Task Another_object_that_took_the_name_stays()
    {
        await ApplyAsync(Binding("replaced", At(TimeSpan.FromMinutes(-3))));
        Assert.True(
            await ReapAsync(
                new StringWriter(),
                beforeDelete: async _ =>
                {
                    await AdminAsync("delete", "rolebinding", Name("replaced"), "-n", "default");
                    await ApplyAsync(Binding("replaced", At(TimeSpan.FromHours(1))));
                }
            )
        );
        Assert.Equal(["replaced"], await NamesAsync());
    }

    [Theory]
    [InlineData(20, 1_000_000, 1)]
    [InlineData(80, 1, 250_000)] // together more than the most that is taken of an answer
    public async Task Large_objects_are_listed_by_their_metadata_and_a_few_at_a_time(
        int count,
        int subject,
        int annotation
    )
    {
        const long most = 2 * BufferedResponseHandler.MostBytes;
        var more = annotation > 1 ? $"annotations: {{ example.com/large: {new string('a', annotation)} }}" : "";
        await CreateAsync(
            Enumerable
                .Range(0, count)
                .Select(i =>
                    Binding($"large-{i}", null, more: more)
                        .Replace("name: somebody", $"name: {new string('s', subject)}", StringComparison.Ordinal)
                )
        );

        var answers = new Answers();
        using var cluster = new k8s.Kubernetes(
            KubernetesClientConfiguration.BuildConfigFromConfigFile(fixture.Kubeconfig),
            new BufferedResponseHandler(),
            answers
        );
        var report = new StringWriter();
        Assert.True(
            await new Reaper(cluster, "jit-access", TimeSpan.FromMinutes(2), TimeProvider.System, report).RunAsync(
                Cancellation
            )
        );

        Assert.Empty(await NamesAsync());
        Assert.Equal(
            count,
            report.ToString().Split('\n').Count(line => line.StartsWith("deleted: ", StringComparison.Ordinal))
        );
        Assert.InRange(answers.Bytes, 1, subject > 1 ? subject : most);
    }

    [Fact]
    public async Task What_a_finalizer_holds_back_is_reported_again_and_again()
    {
        await ApplyAsync(Binding("held", At(TimeSpan.FromMinutes(-3)), more: "finalizers: [tests.example.com/keep]"));
        var run = await ReapProcess.RunAsync(fixture.Kubeconfig, [], Cancellation);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"still there: RoleBinding default/{Name("held")} ", run.StdOut, StringComparison.Ordinal);
        await AdminAsync(
            "patch",
            "rolebinding",
            Name("held"),
            "-n",
            "default",
            "--type=merge",
            """--patch={"metadata":{"finalizers":null}}"""
        );
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_or_refuses_fails_the_run()
    {
        var config = await File.ReadAllTextAsync(fixture.Kubeconfig, Cancellation);
        var nowhere = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            nowhere,
            config.Replace($":{fixture.Cluster.Server.Port}", ":1", StringComparison.Ordinal),
            Cancellation
        );
        foreach (var kubeconfig in new[] { nowhere, fixture.Cluster.Kubeconfig("mallory") })
        {
            var run = await ReapProcess.RunAsync(kubeconfig, [], Cancellation);
            Assert.Equal((1, string.Empty), (run.ExitCode, run.StdOut));
            Assert.StartsWith("not reaped: the cluster", run.StdErr, StringComparison.Ordinal);
        }

        File.Delete(nowhere);
    }

    [Theory]
    [InlineData("get", "rolebindings", "-n", "default", "any")]
    [InlineData("create", "rolebinding", "mine", "--clusterrole=view", "--user=mallory", "-n", "default")]
    [InlineData("create", "clusterrolebinding", "mine", "--clusterrole=cluster-admin", "--user=mallory")]
    [InlineData("patch", "clusterrolebinding", "jit-reaper", "--type=json", "--patch=[]")]
    [InlineData("create", "role", "mine", "--verb=get", "--resource=pods", "-n", "default")]
    [InlineData("delete", "clusterrole", "view")]
    [InlineData("get", "secrets", "-A")]
    [InlineData("get", "secrets", "-n", "jit-access")]
    [InlineData("delete", "secret", "any", "-n", "jit-access")]
    [InlineData("get", "serviceaccounts", "-n", "jit-system")]
    [InlineData("delete", "serviceaccount", "default", "-n", "default")]
    [InlineData("create", "serviceaccount", "mine", "-n", "jit-access")]
    [InlineData("create", "--raw", "/api/v1/namespaces/jit-access/serviceaccounts/default/token", "-f", "-")]
    [InlineData("create", "--raw", "/api/v1/namespaces/jit-system/serviceaccounts/jit-reaper/token", "-f", "-")]
    [InlineData("get", "pods", "-n", "jit-system")]
    [InlineData("run", "mine", "--image=mine", "-n", "jit-system")]
    [InlineData("get", "namespaces")]
    [InlineData("get", "pods", "-A", "--as=admin", "--as-group=system:masters")]
    [InlineData(
        "delete",
        "rolebindings",
        "--all",
        "-n",
        "jit-access",
        "--raw=/apis/rbac.authorization.k8s.io/v1/namespaces/jit-access/rolebindings"
    )]
    public async Task The_reaper_is_refused_what_its_role_does_not_allow(params string[] arguments)
    {
        if (arguments.FirstOrDefault(argument => argument.StartsWith("--raw=", StringComparison.Ordinal)) is { } raw)
            arguments = ["delete", raw]; // all at once: deletecollection
        var run = await fixture.Cluster.KubectlAsync("jit-system.jit-reaper", arguments);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("orbidden", run.StdErr, StringComparison.Ordinal);
    }

    private async Task<bool> ReapAsync(StringWriter report, Func<string, Task> beforeDelete)
    {
        using var cluster = new k8s.Kubernetes(
            KubernetesClientConfiguration.BuildConfigFromConfigFile(fixture.Kubeconfig),
            new BeforeDelete(beforeDelete)
        );
        return await new Reaper(cluster, "jit-access", TimeSpan.FromMinutes(2), TimeProvider.System, report).RunAsync(
            Cancellation
        );
    }

    private string Name(string name) => $"{name}-{_suffix}";

    private static string At(TimeSpan later) =>
        (TimeProvider.System.GetUtcNow() + later).UtcDateTime.ToString(
            "yyyy-MM-ddTHH:mm:ssZ",
            CultureInfo.InvariantCulture
        );

    private string Metadata(string name, string? expiresAt, string ns, string label = Ours, string more = "") =>
        $$"""
            metadata: { name: "{{Name(name)}}"{{(ns is "" ? "" : $", namespace: {ns}")}}, labels: { {{label}} }{{(
                expiresAt is null ? "" : $", annotations: {{ jit-access/expires-at: \"{expiresAt}\" }}"
            )}}{{(more is "" ? "" : $", {more}")}} }
            """;

    private string Binding(string name, string? expiresAt, string label = Ours, string more = "") =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            {{Metadata(name, expiresAt, "default", label, more)}}
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: somebody }]
            """;

    private string Wide(string name, string? expiresAt) =>
        Binding(name, expiresAt)
            .Replace("kind: RoleBinding", "kind: ClusterRoleBinding", StringComparison.Ordinal)
            .Replace(", namespace: default", "", StringComparison.Ordinal);

    private string Role(string name, string? expiresAt) =>
        $$"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            {{Metadata(name, expiresAt, "default")}}
            rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
            """;

    private string Account(string name, string? expiresAt) =>
        $$"""
            apiVersion: v1
            kind: ServiceAccount
            {{Metadata(name, expiresAt, "jit-access")}}
            """;

    private string Secret(string name, string? expiresAt) =>
        $$"""
            apiVersion: v1
            kind: Secret
            {{Metadata(name, expiresAt, "jit-access")}}
            """;

    private async Task ApplyAsync(params string[] manifests)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, string.Join("\n---\n", manifests), Cancellation);
        await AdminAsync("apply", "-f", file);
        File.Delete(file);
    }

    // Not applied: that would write it all into an annotation as well.
    private async Task CreateAsync(IEnumerable<string> manifests)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, string.Join("\n---\n", manifests), Cancellation);
        await AdminAsync("create", "-f", file);
        File.Delete(file);
    }

    private async Task<IReadOnlyList<string>> NamesOfAsync(string kinds) =>
        [
            .. (await AdminAsync("get", kinds, "-A", "-o", "jsonpath={.items[*].metadata.name}"))
                .Split(' ')
                .Where(name => name.EndsWith(_suffix, StringComparison.Ordinal)),
        ];

    // Without the suffix, each once.
    private async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. (await NamesOfAsync(Places)).Select(name => name[..^(_suffix.Length + 1)]).Distinct().Order()];

    private async Task<string> AdminAsync(params string[] arguments) =>
        (await fixture.Cluster.KubectlAsync("admin", arguments))
            .OrThrow($"kubectl {string.Join(' ', arguments)}")
            .StdOut;

    /// <summary>Counts what is answered to lists.</summary>
    private sealed class Answers : DelegatingHandler
    {
        public long Bytes { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Get)
                Bytes += (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length;
            return answer;
        }
    }

    private sealed class BeforeDelete(Func<string, Task> act) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (request.Method == HttpMethod.Delete)
                await act(request.RequestUri!.Segments[^1]);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
