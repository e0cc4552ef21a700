using System.Text.Json.Nodes;
using JitFunctions.Container.Tests.Image;
using JitFunctions.LocalStack;

namespace JitFunctions.Container.Tests.Pods;

/// <summary>
/// One pod of a template that the API server holds, run on this machine: there are no nodes that would.
/// </summary>
internal sealed class Pod : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    private readonly ScratchFolder _folder;
    private readonly SupervisedProcess _process;
    private readonly HttpClient _client = new();

    private Pod(ScratchFolder folder, SupervisedProcess process, Uri address, JsonNode container) =>
        (_folder, _process, Address, Container) = (folder, process, address, container);

    public Uri Address { get; }

    public JsonNode Container { get; }

    public string Log => File.ReadAllText(LogOf(_folder));

    /// <summary>What the kernel says of the process.</summary>
    public string Kernel(string file) => Path.Combine("/proc", File.ReadAllText(PidOf(_folder)).Trim(), file);

    /// <summary>A pod that serves.</summary>
    public static async Task<Pod> StartAsync(
        AppImage image,
        KubernetesCluster cluster,
        Kubectl kubectl,
        JsonNode template
    )
    {
        var (folder, address) = (new ScratchFolder(), new Uri($"http://127.0.0.1:{FreePort.Next()}"));
        var (program, arguments) = await PlanAsync(image, cluster, kubectl, template, folder, address);
        var process = SupervisedProcess.Start(new ProcessPlan(program, arguments, folder.Path, LogOf(folder)));
        return new(folder, process, address, ContainerOf(template));
    }

    /// <summary>A pod that does its work and ends.</summary>
    public static async Task<Command> RunAsync(
        AppImage image,
        KubernetesCluster cluster,
        Kubectl kubectl,
        JsonNode template,
        CancellationToken cancellation
    )
    {
        using var folder = new ScratchFolder();
        var (program, arguments) = await PlanAsync(
            image,
            cluster,
            kubectl,
            template,
            folder,
            new Uri("http://127.0.0.1:0")
        );
        return await Command.RunAsync(program, arguments, cancellation: cancellation);
    }

    /// <summary>Asks as the kubelet does, with the probe of this name.</summary>
    public async Task<bool> ProbeAsync(string probe, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetAsync(
                new Uri(Address, (string)Container[probe]!["httpGet"]!["path"]!),
                cancellation
            );
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task IsReadyAsync(CancellationToken cancellation) =>
        _process.WaitUntilAsync(token => ProbeAsync("readinessProbe", token), TimeLimit, cancellation);

    public Task StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<(string Program, string[] Arguments)> PlanAsync(
        AppImage image,
        KubernetesCluster cluster,
        Kubectl kubectl,
        JsonNode template,
        ScratchFolder folder,
        Uri address
    )
    {
        var (pod, container) = (template["spec"]!, ContainerOf(template));
        var volumes = await PodVolumes.PrepareAsync(kubectl, pod, folder.Combine("volumes"));
        // As a runtime does, where an image has no such place.
        foreach (var (_, target) in volumes)
            Directory.CreateDirectory(image.Root + target);

        var environment = await PodEnvironment.ReadAsync(kubectl, container);
        environment["KUBERNETES_SERVICE_HOST"] = cluster.Server.Host;
        environment["KUBERNETES_SERVICE_PORT"] = $"{cluster.Server.Port}";
        // A pod has port 8080 for itself, this machine may not.
        environment["ASPNETCORE_HTTP_PORTS"] = $"{address.Port}";

        var security = pod["securityContext"]!;
        return Sandbox.Enter(
            image.Root,
            ((int)security["runAsUser"]!, (int)security["runAsGroup"]!, (string)image.Run["WorkingDir"]!),
            volumes,
            [.. Words(image.Run["Env"]), .. environment.Select(variable => $"{variable.Key}={variable.Value}")],
            [.. Words(container["command"] ?? image.Run["Entrypoint"]), .. Words(container["args"])],
            PidOf(folder)
        );
    }

    private static JsonNode ContainerOf(JsonNode template) => template["spec"]!["containers"]!.AsArray().Single()!;

    private static IEnumerable<string> Words(JsonNode? array) => array?.AsArray().Select(word => (string)word!) ?? [];

    private static string PidOf(ScratchFolder folder) => folder.Combine("pid");

    private static string LogOf(ScratchFolder folder) => folder.Combine("pod.log");
}
