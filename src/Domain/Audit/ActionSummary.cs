using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Audit;

/// <summary>
/// Describes an action in one line, without its subject: <c>deleted pod payments/web-1</c>, <c>was refused: list
/// secrets in payments</c>, <c>opened a shell or command in pod payments/web-1</c>.
/// </summary>
public static class ActionSummary
{
    public static string Of(AuditEvent action)
    {
        var asOther = action.ImpersonatedUser is { } other ? $" as {ShortText.Name(other.Name)}" : "";
        return action switch
        {
            { IsRefused: true } => $"was refused: {Verb(action)} {Target(action)}{asOther}",
            { Stage: AuditStage.RequestReceived } => $"asked to {Verb(action)} {Target(action)}{asOther}",
            { Code: >= 400 and var code } =>
                $"failed to {Verb(action)} {Target(action)}{asOther} ({Failure(action, code)})",
            _ => Done(action) + asOther,
        };
    }

    private static string Failure(AuditEvent action, int code) =>
        action.FailureReason is { Length: > 0 } reason ? $"{code} {ShortText.Name(reason)}" : $"{code}";

    private static string Done(AuditEvent action)
    {
        var started = action.Stage == AuditStage.ResponseStarted;
        var target = Target(action);
        return (action.Target?.Resource, action.Target?.Subresource, action.Verb) switch
        {
            (_, "exec", _) => started ? $"opened a command in {target}" : $"ended a command in {target}",
            (_, "attach", _) => started ? $"attached to {target}" : $"detached from {target}",
            (_, "portforward", _) => started
                ? $"opened a port forward to {target}"
                : $"closed a port forward to {target}",
            (_, "proxy", _) => $"sent a call through {target}",
            (_, "log", _) => $"read the log of {target}",
            ("serviceaccounts", "token", "create") => $"issued a token of {target}",
            ("pods", "eviction", "create") => $"evicted {target}",
            (_, _, "watch") => started ? $"began to watch {target}" : $"watched {target}",
            _ => $"{Past(action.Verb)} {target}",
        };
    }

    private static string Verb(AuditEvent action) =>
        action switch
        {
            { Target.Subresource: "exec" or "attach" or "portforward" or "proxy" } =>
                $"use {ShortText.Name(action.Target.Subresource)} of",
            { Verb: "deletecollection" } => "delete all",
            _ => ShortText.Name(action.Verb),
        };

    private static string Past(string verb) =>
        verb switch
        {
            "get" => "read",
            "list" => "listed",
            "create" or "post" => "created",
            "update" or "put" => "updated",
            "patch" => "patched",
            "delete" => "deleted",
            "deletecollection" => "deleted all",
            "approve" or "escalate" or "impersonate" => $"{verb}d",
            _ => $"did {ShortText.Name(verb)} on",
        };

    // One object by its singular name and place, several by their plural.
    private static string Target(AuditEvent action)
    {
        if (action.Target is not { } target)
            return ShortText.Name(action.RequestUri);
        var hidden =
            target.Subresource is "exec" or "attach" or "portforward" or "proxy" or "log" or "token" or "eviction";
        var sub = target.Subresource is { } given && !hidden ? $"{ShortText.Name(given)} of " : "";
        var group = target.ApiGroup is "" || KnownGroup(target.ApiGroup) ? "" : $".{ShortText.Name(target.ApiGroup)}";
        var resource = ShortText.Name(target.Resource);
        var ns = target.Namespace is { } place && target.Resource != "namespaces" ? ShortText.Name(place) : null;
        return (target.Name ?? action.Body?.Name) is { Length: > 0 } name
                ? $"{sub}{Singular(resource)}{group} {(ns is null ? "" : $"{ns}/")}{ShortText.Name(name)}"
            : action.Verb is "create" ? $"{sub}a {Singular(resource)}{group}{(ns is null ? "" : $" in {ns}")}"
            : $"{sub}{resource}{group}{(ns is null ? "" : $" in {ns}")}";
    }

    // Kubernetes' own groups are left out, except those whose resources have the names of others.
    private static bool KnownGroup(string group) =>
        group is "apps" or "batch" or "policy" or "autoscaling"
        || (group.EndsWith(".k8s.io", StringComparison.Ordinal) && group is not ("metrics.k8s.io" or "events.k8s.io"));

    private static string Singular(string plural) =>
        plural switch
        {
            "endpoints" or "ingresses" => plural == "ingresses" ? "ingress" : plural,
            _ when plural.EndsWith("policies", StringComparison.Ordinal) => $"{plural[..^3]}y",
            _ when plural.EndsWith("classes", StringComparison.Ordinal) => plural[..^2],
            _ when plural.EndsWith('s') && !plural.EndsWith("ss", StringComparison.Ordinal) => plural[..^1],
            _ => plural,
        };
}
