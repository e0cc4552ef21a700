using System.Text;
using System.Text.Json.Nodes;

namespace JitFunctions.Container.Tests.Pods;

/// <summary>The environment variables of a container, with what they refer to read from the cluster.</summary>
internal static class PodEnvironment
{
    public static async Task<Dictionary<string, string>> ReadAsync(Kubectl kubectl, JsonNode container)
    {
        Dictionary<string, string> environment = [];
        foreach (var source in container["envFrom"]?.AsArray() ?? [])
        foreach (
            var (name, value) in (await kubectl.ReadAsync("configmap", (string)source!["configMapRef"]!["name"]!))[
                "data"
            ]!.AsObject()
        )
            environment[name] = (string)value!;
        foreach (var variable in container["env"]?.AsArray() ?? [])
            if (await ValueAsync(kubectl, variable!) is { } value)
                environment[(string)variable!["name"]!] = value;
        return environment;
    }

    private static async Task<string?> ValueAsync(Kubectl kubectl, JsonNode variable)
    {
        if (variable["valueFrom"]?["secretKeyRef"] is not { } reference)
            return (string)variable["value"]!;
        var (name, key) = ((string)reference["name"]!, (string)reference["key"]!);
        if ((await kubectl.ReadAsync("secret", name))["data"]![key] is { } found)
            return Encoding.UTF8.GetString(Convert.FromBase64String((string)found!));
        return (bool?)reference["optional"] == true
            ? null
            : throw new InvalidOperationException($"The secret {name} has no {key}.");
    }
}
