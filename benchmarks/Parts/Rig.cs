using JitFunctions.LocalStack;
using Npgsql;

namespace JitFunctions.Benchmarks;

/// <summary>The platform with the benchmarks' policies, and a client of each part.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly HashSet<string> _namespaces = [];

    private Rig(LocalPlatform platform)
    {
        Platform = platform;
        Alice = ClientOf(platform.Host, Person.Alice);
        Bob = ClientOf(platform.Host, Person.Bob);
        Probe = new AccessProbe(platform.Cluster.Kubeconfig(Person.Alice.Name));
        Cluster = new RawCluster(platform.Cluster.Kubeconfig("admin"), Person.Alice.UserName);
        Database = NpgsqlDataSource.Create(platform.Database);
    }

    public LocalPlatform Platform { get; }

    /// <summary>Who asks.</summary>
    public JitClient Alice { get; }

    /// <summary>Who approves.</summary>
    public JitClient Bob { get; }

    /// <summary>What Alice may do in the cluster.</summary>
    public AccessProbe Probe { get; }

    public RawCluster Cluster { get; }

    public NpgsqlDataSource Database { get; }

    public static async Task<Rig> StartAsync(CancellationToken cancellation) =>
        new(
            await LocalPlatform.StartAsync(
                new PlatformOptions
                {
                    Policies = Path.Combine(AppContext.BaseDirectory, "policies.yaml"),
                    Durable = true,
                    Environment = new Dictionary<string, string?> { ["ReconcilerSchedule"] = "0 * * * * *" },
                },
                cancellation
            )
        );

    public JitClient ClientOf(FunctionHost host, Person person) => new(host.Address, Platform.TokenFor(person.Name));

    /// <returns>Names "prefix-0", "prefix-1" and so on, of namespaces that exist.</returns>
    public async Task<IReadOnlyList<string>> NamespacesAsync(string prefix, int count, CancellationToken cancellation)
    {
        var names = Enumerable.Range(0, count).Select(i => $"{prefix}-{i}").ToList();
        foreach (var name in names.Where(_namespaces.Add))
            await Cluster.CreateNamespaceAsync(name, cancellation);
        return names;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IDisposable[] { Alice, Bob, Probe, Cluster })
            part.Dispose();
        await Database.DisposeAsync();
        await Platform.DisposeAsync();
    }
}
