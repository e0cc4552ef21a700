namespace JitFunctions.Functions.Tests;

/// <summary>Settings with which the app would start, and the files that they name.</summary>
internal sealed class SettingsFiles : IDisposable
{
    private const string Policies = """
        policies:
          - name: on-call
            groups: [devs]
            clusters: [demo]
            namespaces: [payments]
            roles: [ClusterRole/view]
            maxDuration: 1h
            approval: { groups: [leads] }
        """;

    private const string Kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: demo
        clusters: [{ name: demo, cluster: { server: "https://demo.example.com" } }]
        contexts: [{ name: demo, context: { cluster: demo, user: jit } }]
        users: [{ name: jit, user: { token: x } }]
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jit-settings");

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <param name="changes">A null removes the setting.</param>
    public IReadOnlyDictionary<string, string?> Good(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1;Database=jit;Username=jit",
            ["Authentication:Authority"] = "https://login.example.com",
            ["Authentication:Audience"] = "jit",
            ["Policies:Path"] = Write("policies.yaml", Policies),
            ["Clusters:demo:Kubeconfig"] = Write("kubeconfig", Kubeconfig),
            ["Clusters:demo:UsernamePrefix"] = "oidc:",
            ["Clusters:demo:GroupsPrefix"] = "oidc-groups:",
            ["ReconcilerSchedule"] = "0 * * * * *",
        };
        foreach (var (name, value) in changes)
            settings[name] = value;
        return settings.Where(setting => setting.Value is not null).ToDictionary();
    }

    public string Write(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
