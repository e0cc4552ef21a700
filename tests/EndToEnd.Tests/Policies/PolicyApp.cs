using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>
/// An app with policies and a database of its own, beside the platform's. In the cluster it may look at namespaces and
/// nothing else: it could take the platform's grants for strays. So rules are all that can be asked for, as these need
/// no roles to evaluate.
/// </summary>
internal sealed class PolicyApp : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jit-policies-").FullName;

    private const string Rights = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: { name: tests-policy-app }
        rules: [{ apiGroups: [""], resources: [namespaces], verbs: [get] }]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: { name: tests-policy-app }
        roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tests-policy-app }
        subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: User, name: "USER" }]
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: one }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: { name: two }
        """;

    // Of two that apply the same new object at once, kubectl lets one fail.
    private static readonly SemaphoreSlim Applying = new(1, 1);

    private FunctionHost? _host;

    private PolicyApp(Team team) => Scene = team;

    public Team Scene { get; }

    public FunctionHost Host => _host!;

    /// <param name="changes">Settings of its own; a null removes one.</param>
    public static async Task<PolicyApp> StartAsync(
        LocalPlatform platform,
        string name,
        string policies,
        params (string Name, string? Value)[] changes
    )
    {
        var app = new PolicyApp(Team.WithoutNamespace(platform));
        app.Write("policies.yaml", policies);
        await Applying.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await app.Scene.Cluster.ApplyAsync(
                Rights.Replace("USER", Person.Mallory.UserName, StringComparison.Ordinal)
            );
        }
        finally
        {
            Applying.Release();
        }

        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Postgres"] = await platform.CreateDatabaseAsync(
                name,
                TestContext.Current.CancellationToken
            ),
            ["Policies__Path"] = app._folder,
            ["Clusters__demo__Kubeconfig"] = platform.Cluster.Kubeconfig(Person.Mallory.Name),
            ["ReconcilerSchedule"] = "* * * * * *",
            ["Notifications__Webhook"] = null,
            ["Notifications__Secret"] = null,
        };
        foreach (var (setting, value) in changes)
            settings[setting] = value;
        app._host = await platform.AddHostAsync(settings, TestContext.Current.CancellationToken);
        return app;
    }

    public Api As(Person person) => Scene.As(person, Host);

    public void Write(string name, string content)
    {
        // At once, as with a mounted ConfigMap: half a file would be a version of its own.
        var file = Path.Combine(_folder, $".{name}");
        File.WriteAllText(file, content);
        File.Move(file, Path.Combine(_folder, name), overwrite: true);
    }

    public async Task<IReadOnlyList<JsonObject>> VersionsAsync() =>
        (await As(Scene.Auditor).GetAsync("/api/policies/versions")).Items;

    /// <summary>All versions, newest first, once there are so many.</summary>
    public Task<IReadOnlyList<JsonObject>> VersionsAsync(int count) =>
        Eventually.Async(VersionsAsync, found => found.Count == count, $"there are {count} versions");

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
