using System.Text.Json.Nodes;
using JitFunctions.Container.Tests.Pods;
using JitFunctions.LocalStack;

[assembly: AssemblyFixture(typeof(JitFunctions.Container.Tests.Kubernetes.InstalledApp))]

namespace JitFunctions.Container.Tests.Kubernetes;

/// <summary>
/// infra/kubernetes/overlays/in-cluster, installed in a real cluster as docs/hosting.md says: with this installation's
/// settings, and secrets made by hand. There are no nodes, so the pods wait for ever.
/// </summary>
public sealed class InstalledApp : IAsyncLifetime
{
    public const string Namespace = "jit-system";
    private const string AppRole = "jit_app";

    private readonly ScratchFolder _folder = new();
    private LocalPlatform? _platform;

    public LocalPlatform Platform => _platform!;

    /// <summary>The app and the job, as the API server holds them.</summary>
    public IReadOnlyList<JsonNode> Objects { get; private set; } = [];

    internal Kubectl Kubectl => new(Platform.Cluster, Namespace);

    public async ValueTask InitializeAsync()
    {
        _platform = await LocalPlatform.StartAsync(new PlatformOptions { Hosts = 0 });
        await MakeOverlayAsync(
            "overlays/in-cluster",
            $"""
            configMapGenerator:
              - name: jit-access-settings
                namespace: {Namespace}
                behavior: merge
                literals:
                  - Authentication__Authority={Platform.Issuer.Authority.OriginalString}
                  - Authentication__RequireHttps=false
                  - Notifications__Webhook={Platform.Notifications.Address}
                  - ReconcilerSchedule=*/5 * * * * *
            """
        );
        await MakeOverlayAsync("app/schema", "");
        await ApplyAsync("overlays/in-cluster");
        await MakeSecretsAsync();
        await ApplyAsync("app/schema");
        Objects = [.. await ObjectsAsync("overlays/in-cluster"), .. await ObjectsAsync("app/schema")];
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
            await _platform.DisposeAsync();
        _folder.Dispose();
    }

    private async Task MakeSecretsAsync()
    {
        var database = await Platform.Postgres.CreateDatabaseAsync("in_cluster");
        await using (var source = Npgsql.NpgsqlDataSource.Create(database))
        await using (
            var role = source.CreateCommand(
                $"do $$ begin create role {AppRole} login; exception when duplicate_object then null; end $$"
            )
        )
            await role.ExecuteNonQueryAsync();
        var app = new Npgsql.NpgsqlConnectionStringBuilder(database) { Username = AppRole }.ConnectionString;
        await Kubectl.RunAsync(
            "create",
            "secret",
            "generic",
            "jit-access",
            $"--from-literal=postgres={app}",
            $"--from-literal=notifications={Platform.Notifications.Secret}"
        );
        await Kubectl.RunAsync("create", "secret", "generic", "jit-schema", $"--from-literal=postgres={database}");
    }

    private async Task MakeOverlayAsync(string name, string more)
    {
        var folder = _folder.Combine(name);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "kustomization.yaml"),
            $"""
            resources: ["{Path.GetRelativePath(folder, Path.Combine(LocalPlatform.Infrastructure, name))}"]
            {more}
            """
        );
    }

    // The oldest API server that the tests run on has two kinds under their earlier names, and one not at all.
    private async Task<string> BuildAsync(string name)
    {
        var built = await Kubectl.RunAsync("kustomize", _folder.Combine(name));
        if ((await Kubectl.RunAsync("api-versions")).Split('\n').Contains("policy/v1"))
            return built;
        var objects = built
            .Split("\n---\n")
            .Where(text => !text.Contains("kind: ValidatingAdmissionPolicy", StringComparison.Ordinal));
        return string.Join("\n---\n", objects)
            .Replace("apiVersion: policy/v1\n", "apiVersion: policy/v1beta1\n", StringComparison.Ordinal)
            .Replace(
                "apiVersion: batch/v1\nkind: CronJob",
                "apiVersion: batch/v1beta1\nkind: CronJob",
                StringComparison.Ordinal
            );
    }

    private async Task ApplyAsync(string name)
    {
        await File.WriteAllTextAsync(FileOf(name), await BuildAsync(name));
        await Platform.Cluster.ApplyAsync(FileOf(name));
    }

    // As the API server holds them, with all its defaults.
    private async Task<IEnumerable<JsonNode>> ObjectsAsync(string name)
    {
        var json = JsonNode.Parse(
            (await Platform.Cluster.KubectlAsync("admin", "get", "--filename", FileOf(name), "--output", "json"))
                .OrThrow($"get {name}")
                .StdOut
        )!;
        return json["items"] is JsonArray items ? items.Select(item => item!.DeepClone()) : [json];
    }

    private string FileOf(string name) => _folder.Combine($"{name.Replace('/', '-')}.yaml");
}
