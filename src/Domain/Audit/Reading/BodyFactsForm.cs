using System.Text.Json;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads from the bodies what residual access depends on, and nothing else. Bodies come from callers: what has an
/// unexpected type is passed over.
/// </summary>
internal static class BodyFactsForm
{
    private const int MostSubjects = 20;
    private const int MostHostAccess = 10;

    private static readonly string[] HostNamespaces = ["hostPID", "hostNetwork", "hostIPC"];
    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    /// <returns>Null if there is no body that tells the state of the object.</returns>
    public static BodyFacts? Read(AuditedObject? target, JsonElement? request, JsonElement? response)
    {
        if (Text(request, "kind") == "DeleteOptions")
            return new(null, null, [], null, null, null, Items(request!.Value, "dryRun").Any());
        // The answer to a failed call is a Status. The body of a patch is a change, not an object: it has no kind,
        // unless it is an apply.
        var body =
            IsObject(response) ? response
            : IsObject(request) ? request
            : null;
        if (target is null || body is not { } json)
            return null;
        var name = Text(json, "metadata", "name") ?? Text(request, "metadata", "name");
        return target.ResourceInRules switch
        {
            "secrets" => new(Short(name), null, [], null, Short(Text(json, "type")), null),
            "serviceaccounts/token" => new(
                Short(name),
                null,
                [],
                null,
                null,
                Time(json, "status", "expirationTimestamp")
            ),
            "rolebindings" or "clusterrolebindings" => new(
                Short(name),
                Short($"{Text(json, "roleRef", "kind")}/{Text(json, "roleRef", "name")}"),
                [.. Items(json, "subjects").Take(MostSubjects).Select(Subject)],
                null,
                null,
                null
            ),
            _ => new(Short(name), null, [], PodSpec(json) is { } spec ? HostAccess(spec) : null, null, null),
        };
    }

    // A pod, a workload with a template of pods, or a CronJob.
    private static JsonElement? PodSpec(JsonElement json) =>
        Find(json, "spec", "jobTemplate", "spec", "template", "spec")
        ?? Find(json, "spec", "template", "spec")
        ?? (Find(json, "spec", "containers") is not null ? Find(json, "spec") : null);

    private static IReadOnlyList<string> HostAccess(JsonElement spec) =>
        [
            .. HostNamespaces
                .Where(name => IsTrue(Find(spec, name)))
                .Concat(ContainerLists.SelectMany(list => Items(spec, list)).SelectMany(OfContainer))
                .Concat(
                    Items(spec, "volumes")
                        .Select(volume => Text(volume, "hostPath", "path"))
                        .OfType<string>()
                        .Select(path => ShortText.Name($"hostPath {path}"))
                )
                .Distinct()
                .Take(MostHostAccess),
        ];

    private static IEnumerable<string> OfContainer(JsonElement container) =>
        [
            .. IsTrue(Find(container, "securityContext", "privileged")) ? (string[])["privileged"] : [],
            .. Items(container, "securityContext", "capabilities", "add")
                .Where(one => one.ValueKind == JsonValueKind.String)
                .Select(one => ShortText.Name($"capability {one.GetString()}")),
        ];

    private static string Subject(JsonElement subject) =>
        ShortText.Name(
            Text(subject, "kind") == "ServiceAccount"
                ? $"ServiceAccount/{Text(subject, "namespace")}/{Text(subject, "name")}"
                : $"{Text(subject, "kind")}/{Text(subject, "name")}"
        );

    private static bool IsObject(JsonElement? body) => Text(body, "kind") is { } kind && kind != "Status";

    private static bool IsTrue(JsonElement? value) => value is { ValueKind: JsonValueKind.True };

    private static string? Short(string? text) => text is null ? null : ShortText.Name(text);

    private static string? Text(JsonElement? json, params ReadOnlySpan<string> path) =>
        json is { } root && Find(root, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static DateTimeOffset? Time(JsonElement json, params ReadOnlySpan<string> path) =>
        Text(json, path) is { } text ? EventMembers.ParseTime(text) : null;

    private static IEnumerable<JsonElement> Items(JsonElement json, params ReadOnlySpan<string> path) =>
        Find(json, path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static JsonElement? Find(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return null;
        }

        return json;
    }
}
