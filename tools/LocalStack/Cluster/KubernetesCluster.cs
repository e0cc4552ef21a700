using System.Text.Json.Nodes;

namespace JitFunctions.LocalStack;

/// <summary>
/// A real Kubernetes control plane (etcd, API server, controller manager) without nodes. Pods stay pending;
/// authentication and authorization work fully.
/// </summary>
public sealed class KubernetesCluster : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly string _binaries = ClusterBinaries.Find();
    private readonly ScratchFolder _folder = new();
    private readonly ControlPlane _plan;
    private readonly ApiProbe _probe;
    private SupervisedProcess? _etcd;
    private SupervisedProcess? _apiServer;
    private SupervisedProcess? _controllerManager;

    private KubernetesCluster(Uri? tokenReviewer, AuditRelay? audit)
    {
        _plan = new ControlPlane(_binaries, _folder, tokenReviewer is not null, audit is not null);
        if (audit is not null)
            File.WriteAllText(_plan.AuditWebhook, KubeconfigText.ForAudit(audit));
        if (tokenReviewer is not null)
            File.WriteAllText(_plan.TokenReviewer, KubeconfigText.ForWebhook(tokenReviewer));
        Server = new Uri($"https://127.0.0.1:{_plan.ApiPort}");
        ClusterKeys.WriteTo(_folder);
        var authority = Authority;
        var users = ClusterUser.All().ToList();
        File.WriteAllLines(_plan.Tokens, users.Select(user => user.TokenFileLine()));
        foreach (var user in users)
            File.WriteAllText(Kubeconfig(user.Name), KubeconfigText.For(user, Server, authority));
        Administrator = new ApiServerClient(
            Server,
            authority,
            users.Single(user => user.Name == ClusterUser.Admin).Token
        );
        _probe = new ApiProbe(Administrator);
    }

    public Uri Server { get; }

    /// <summary>A client that may do everything and impersonate any user (<c>Impersonate-User</c>).</summary>
    public ApiServerClient Administrator { get; }

    /// <summary>
    /// The API server's audit log, one JSON object per line, as configured in infra/kubernetes/audit-policy.yaml.
    /// </summary>
    public string AuditLog => _plan.AuditLog;

    /// <summary>
    /// The current entries of the audit log. The API server may be writing another line; an incomplete line is left
    /// out.
    /// </summary>
    public IReadOnlyList<JsonNode> AuditEntries()
    {
        using var log = new StreamReader(AuditLog);
        var text = log.ReadToEnd();
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)]
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!),
        ];
    }

    /// <summary>The certificate authority as PEM.</summary>
    public string Authority => File.ReadAllText(_folder.Combine(ClusterKeys.Authority));

    public static Task<KubernetesCluster> StartAsync(CancellationToken cancellation = default) =>
        StartAsync(durable: false, tokenReviewer: null, audit: null, cancellation);

    /// <param name="durable">Whether etcd confirms a write only when it is on the disk.</param>
    /// <param name="audit">Where the API server sends its audit log.</param>
    public static Task<KubernetesCluster> StartAsync(
        bool durable,
        AuditRelay audit,
        CancellationToken cancellation = default
    ) => StartAsync(durable, tokenReviewer: null, audit, cancellation);

    /// <param name="tokenReviewer">
    /// A webhook that gets the tokens that the API server does not know; null for none.
    /// </param>
    public static Task<KubernetesCluster> StartAsync(
        bool durable,
        Uri tokenReviewer,
        CancellationToken cancellation = default
    ) => StartAsync(durable, tokenReviewer, audit: null, cancellation);

    private static async Task<KubernetesCluster> StartAsync(
        bool durable,
        Uri? tokenReviewer,
        AuditRelay? audit,
        CancellationToken cancellation
    )
    {
        var cluster = new KubernetesCluster(tokenReviewer, audit);
        try
        {
            cluster._etcd = SupervisedProcess.Start(cluster._plan.Etcd(durable));
            await cluster.StartApiServerAsync(cancellation);
            await cluster.StartControllerManagerAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The path of the kubeconfig of a <see cref="Person"/>, "admin" or "jit-controller".</summary>
    public string Kubeconfig(string name) => _folder.Combine($"{name}.kubeconfig");

    public Task<Command> KubectlAsync(string name, params IEnumerable<string> arguments) =>
        KubectlAsync(name, arguments, new Dictionary<string, string?>());

    public Task<Command> KubectlAsync(
        string name,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?> environment
    )
    {
        var all = new Dictionary<string, string?>(environment)
        {
            ["KUBECONFIG"] = Kubeconfig(name),
            ["HOME"] = _folder.Combine("home", name),
            ["XDG_CONFIG_HOME"] = null,
        };
        return Command.RunAsync("kubectl", arguments, all);
    }

    /// <summary>Applies a manifest, or a folder of them, as the administrator.</summary>
    public async Task ApplyAsync(string path) =>
        (await KubectlAsync("admin", "apply", "-f", path)).OrThrow($"kubectl apply -f {path}");

    /// <summary>Applies an overlay (a folder with a kustomization) as the administrator.</summary>
    public async Task ApplyOverlayAsync(string path) =>
        (await KubectlAsync("admin", "apply", "-k", path)).OrThrow($"kubectl apply -k {path}");

    /// <summary>The path of a kubeconfig with a token of this service account, like the token of a pod.</summary>
    public async Task<string> KubeconfigOfAsync(string ns, string serviceAccount)
    {
        var token = (await KubectlAsync("admin", "create", "token", serviceAccount, "-n", ns))
            .OrThrow($"a token of {ns}/{serviceAccount}")
            .StdOut.Trim();
        var name = $"{ns}.{serviceAccount}";
        await File.WriteAllTextAsync(Kubeconfig(name), KubeconfigText.For(name, token, Server, Authority));
        return Kubeconfig(name);
    }

    /// <summary>Simulates an outage of the API server. The data is kept.</summary>
    public async Task StopApiServerAsync()
    {
        if (_apiServer is null)
            return;
        await _apiServer.DisposeAsync();
        _apiServer = null;
    }

    /// <summary>Ends the outage, with the same address, keys and data. Does nothing while the server runs.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellation = default)
    {
        if (_apiServer is { HasExited: false })
            return;
        _apiServer = SupervisedProcess.Start(_plan.ApiServer());
        await _apiServer.WaitUntilAsync(_probe.IsReadyAsync, Deadline, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _controllerManager, _apiServer, _etcd })
            if (process is not null)
                await process.DisposeAsync();
        (_controllerManager, _apiServer, _etcd) = (null, null, null);
        Administrator.Dispose();
        _folder.Dispose();
    }

    private async Task StartControllerManagerAsync(CancellationToken cancellation)
    {
        var manager = await Command.RunAsync(
            Path.Combine(_binaries, "kube-controller-manager"),
            ["--version"],
            cancellation: cancellation
        );
        var plan = _plan.ControllerManager(
            Kubeconfig("kube-controller-manager"),
            manager.StdOut.Contains("v1.20.", StringComparison.Ordinal)
        );
        _controllerManager = SupervisedProcess.Start(plan);
        await _controllerManager.WaitUntilAsync(_probe.HasAggregatedRolesAsync, Deadline, cancellation);
    }
}
