using System.Text.Json.Nodes;

namespace JitFunctions.Container.Tests.Pods;

/// <summary>The volumes of a pod, as a kubelet lays them out.</summary>
internal static class PodVolumes
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static async Task<IReadOnlyList<(string Source, string Target)>> PrepareAsync(
        Kubectl kubectl,
        JsonNode pod,
        string folder
    )
    {
        List<(string, string)> volumes = [];
        foreach (var mount in pod["containers"]![0]!["volumeMounts"]?.AsArray() ?? [])
        {
            var name = (string)mount!["name"]!;
            var volume = pod["volumes"]!.AsArray().Single(candidate => (string?)candidate!["name"] == name)!;
            volumes.Add((await SourceAsync(kubectl, volume, Path.Combine(folder, name)), (string)mount["mountPath"]!));
        }

        if ((bool?)pod["automountServiceAccountToken"] == true)
            volumes.Add((await TokenAsync(kubectl, pod, Path.Combine(folder, "token")), ServiceAccount));
        return volumes;
    }

    private static async Task<string> SourceAsync(Kubectl kubectl, JsonNode volume, string folder)
    {
        if (volume["emptyDir"] is not null)
            return "tmpfs";
        var content = await kubectl.ReadAsync("configmap", (string)volume["configMap"]!["name"]!);
        return Lay(folder, content["data"]!.AsObject().ToDictionary(file => file.Key, file => (string)file.Value!));
    }

    private static async Task<string> TokenAsync(Kubectl kubectl, JsonNode pod, string folder) =>
        Lay(
            folder,
            new()
            {
                ["token"] = (await kubectl.RunAsync("create", "token", (string)pod["serviceAccountName"]!)).Trim(),
                ["ca.crt"] = (string)(await kubectl.ReadAsync("configmap", "kube-root-ca.crt"))["data"]!["ca.crt"]!,
                ["namespace"] = kubectl.Namespace,
            }
        );

    // Each file is a link into what `..data` leads to, so that all of them change at once.
    private static string Lay(string folder, Dictionary<string, string> files)
    {
        const string Version = "..2026_01_01";
        Directory.CreateDirectory(Path.Combine(folder, Version));
        File.CreateSymbolicLink(Path.Combine(folder, "..data"), Version);
        foreach (var (name, content) in files)
        {
            File.WriteAllText(Path.Combine(folder, Version, name), content);
            File.CreateSymbolicLink(Path.Combine(folder, name), $"..data/{name}");
        }

        return folder;
    }
}
