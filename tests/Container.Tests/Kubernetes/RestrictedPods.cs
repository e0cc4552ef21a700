using System.Text.Json.Nodes;

namespace JitFunctions.Container.Tests.Kubernetes;

/// <summary>
/// The profile "restricted", as the admission of newer API servers enforces it in a namespace with that label:
/// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted. Stricter in one thing: what a
/// container does not say of itself it has to have from its pod.
/// </summary>
internal static class RestrictedPods
{
    private static readonly string[] HostNamespaces = ["hostNetwork", "hostPID", "hostIPC", "hostUsers"];
    private static readonly string[] Volumes =
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];
    private static readonly string[] Containers = ["containers", "initContainers", "ephemeralContainers"];

    /// <returns>What is wrong with a pod's <c>spec</c>; nothing when it would be admitted.</returns>
    public static IEnumerable<string> Errors(JsonNode pod)
    {
        foreach (var name in HostNamespaces.Where(name => pod[name] is not null))
            yield return $"{name} is set.";
        foreach (var volume in Items(pod["volumes"]))
            if (volume.AsObject().Select(field => field.Key).Where(key => key != "name").Except(Volumes).Any())
                yield return $"The volume {volume.ToJsonString()}.";
        if (pod["securityContext"]?["sysctls"] is not null)
            yield return "sysctls are set.";
        foreach (
            var error in Containers
                .SelectMany(kind => Items(pod[kind]))
                .SelectMany(container => OfContainer(pod, container))
        )
            yield return error;
    }

    private static IEnumerable<string> OfContainer(JsonNode pod, JsonNode container)
    {
        var own = container["securityContext"] ?? new JsonObject();
        var name = (string?)container["name"];
        if (Items(container["ports"]).Any(port => port["hostPort"] is not null))
            yield return $"{name} has a hostPort.";
        if ((bool?)own["privileged"] == true)
            yield return $"{name} is privileged.";
        if (own["procMount"] is not null)
            yield return $"{name} has a procMount.";
        if ((bool?)own["allowPrivilegeEscalation"] != false)
            yield return $"{name} may escalate privileges.";
        if (own["capabilities"]?["drop"]?.ToJsonString() != "[\"ALL\"]" || own["capabilities"]?["add"] is not null)
            yield return $"{name} keeps capabilities.";
        if ((bool?)Setting("runAsNonRoot") != true)
            yield return $"{name} may run as root.";
        if ((int?)Setting("runAsUser") is null or 0)
            yield return $"{name} runs as root.";
        if ((string?)Setting("seccompProfile")?["type"] is not ("RuntimeDefault" or "Localhost"))
            yield return $"{name} has no seccomp profile.";
        if (Setting("seLinuxOptions") is not null || Setting("appArmorProfile") is not null)
            yield return $"{name} changes SELinux or AppArmor.";

        JsonNode? Setting(string key) => own[key] ?? pod["securityContext"]?[key];
    }

    private static IEnumerable<JsonNode> Items(JsonNode? array) => array?.AsArray().Select(item => item!) ?? [];
}
