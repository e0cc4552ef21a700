using System.Text.Json.Nodes;

namespace JitFunctions.Domain.Tests.Audit.Simulation;

/// <summary>A binding, and when it exists. Its rights are pairs of verb and resource, without wildcards.</summary>
/// <param name="Grant">The id of the grant to which it belongs; null for a standing binding.</param>
/// <param name="Namespace">Null for a ClusterRoleBinding.</param>
internal sealed record ModelBinding(
    string? Grant,
    string Name,
    string? Namespace,
    string User,
    IReadOnlySet<(string Verb, string Resource)> Rights,
    double From,
    double Until
)
{
    public bool Allows(ModelCall call, string user, double at) =>
        User == user
        && From <= at
        && at < Until
        && (Namespace is null || Namespace == call.Namespace)
        && Rights.Contains((call.Verb, call.Resource));
}

/// <param name="Impersonates">Null if the caller acts as itself.</param>
internal sealed record ModelCall(
    string User,
    string? Impersonates,
    string Verb,
    string Resource,
    string Namespace,
    double At
)
{
    public string EffectiveUser => Impersonates ?? User;
}

/// <param name="Chosen">The binding that is named; null if none allows it, or the user needs none.</param>
internal sealed record ModelAnswer(bool IsAllowed, ModelBinding? Chosen);

/// <summary>
/// A small model of the RBAC authorizer, which shares no code with the app: all ClusterRoleBindings come before the
/// RoleBindings of the namespace, each in random order, as those of a Go map; the first that allows the call is named.
/// pkg/registry/rbac/validation/rule.go in kubernetes/kubernetes.
/// </summary>
internal sealed class ModelCluster(IReadOnlyList<ModelBinding> bindings, Random random)
{
    /// <summary>A member of system:masters: allowed everything, without a reason.</summary>
    public const string Root = "root";

    public ModelAnswer Authorize(ModelCall call)
    {
        if (call.EffectiveUser == Root)
            return new(true, null);
        var allowing = bindings.Where(binding => binding.Allows(call, call.EffectiveUser, call.At)).ToArray();
        var first = allowing.Any(binding => binding.Namespace is null)
            ? allowing.Where(binding => binding.Namespace is null).ToArray()
            : allowing;
        return first is [] ? new(false, null) : new(true, first[random.Next(first.Length)]);
    }

    /// <param name="tellsImpersonation">False for a source that drops it.</param>
    /// <param name="clockDifference">By how many seconds the clock of the API server is ahead.</param>
    public static string Event(
        ModelCall call,
        ModelAnswer answer,
        string auditId,
        bool tellsImpersonation,
        double clockDifference
    )
    {
        var json = new JsonObject
        {
            ["level"] = "Metadata",
            ["auditID"] = auditId,
            ["stage"] = "ResponseComplete",
            ["requestURI"] = $"/api/v1/namespaces/{call.Namespace}/{call.Resource}",
            ["verb"] = call.Verb,
            ["user"] = new JsonObject { ["username"] = call.User },
            ["objectRef"] = new JsonObject { ["resource"] = call.Resource, ["namespace"] = call.Namespace },
            ["responseStatus"] = new JsonObject { ["code"] = answer.IsAllowed ? 200 : 403 },
            ["requestReceivedTimestamp"] = Time(call.At + clockDifference),
            ["stageTimestamp"] = Time(call.At + clockDifference + 0.01),
            ["annotations"] = new JsonObject
            {
                ["authorization.k8s.io/decision"] = answer.IsAllowed ? "allow" : "forbid",
                ["authorization.k8s.io/reason"] = answer.Chosen is { } chosen ? Reason(chosen) : "",
            },
        };
        if (tellsImpersonation && call.Impersonates is { } other)
            json["impersonatedUser"] = new JsonObject { ["username"] = other };
        return json.ToJsonString();
    }

    public static DateTimeOffset At(double seconds) => Actions.Noon.AddSeconds(seconds);

    private static string Time(double seconds) => $"{At(seconds).UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z";

    private static string Reason(ModelBinding binding)
    {
        var subject = binding.User.StartsWith("system:serviceaccount:", StringComparison.Ordinal)
            ? $"ServiceAccount {Quoted(string.Join('/', binding.User.Split(':')[2..].Reverse()))}"
            : $"User {Quoted(binding.User)}";
        return binding.Namespace is null
            ? $"RBAC: allowed by ClusterRoleBinding {Quoted(binding.Name)} of ClusterRole \"some\" to {subject}"
            : $"RBAC: allowed by RoleBinding {Quoted($"{binding.Name}/{binding.Namespace}")} of ClusterRole "
                + $"\"some\" to {subject}";
    }

    // Go's %q, for text that is printable.
    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
