using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Audit;

/// <summary>What one action makes that may outlive a grant.</summary>
internal static class ResidualRules
{
    private const string TokenType = "kubernetes.io/service-account-token";

    private static readonly string[] Streams = ["exec", "attach", "portforward", "log", "proxy"];

    /// <summary>
    /// A dry run changes nothing. It is asked for in the query, or for a delete in the body; then the event tells it
    /// only at level Request and above.
    /// </summary>
    public static bool IsDryRun(AuditEvent action) =>
        action.Body?.IsDryRun == true
        || (
            action.RequestUri.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query
            && action
                .RequestUri[(query + 1)..]
                .Split('&')
                .Any(part => Uri.UnescapeDataString(part.Split('=')[0]) == "dryRun")
        );

    public static bool TellsDryRun(AuditEvent action) =>
        action is { Level: not AuditLevel.Metadata, IsTruncated: false };

    public static bool IsStream(AuditEvent action) =>
        action.Verb == "watch" || Streams.Contains(action.Target?.Subresource);

    /// <returns>Null if nothing of it outlives a grant.</returns>
    public static ResidualAccess? Of(AuditEvent action)
    {
        if (action.Target is not { } target || !IsWrite(action.Verb))
            return null;
        // A PUT or an apply creates an object that is missing; then the status is 201.
        var isCreate = action.Verb == "create" || action.Code == 201;
        var body = action.Body;
        return (target.ApiGroup, target.ResourceInRules) switch
        {
            ("rbac.authorization.k8s.io", "rolebindings" or "clusterrolebindings") => Made(
                ResidualKind.Binding,
                body?.Role is { } role ? $"{role} for {string.Join(", ", body.Subjects)}" : null
            ),
            ("rbac.authorization.k8s.io", "roles" or "clusterroles") => Made(
                ResidualKind.Role,
                isCreate ? null : "changed"
            ),
            ("", "serviceaccounts/token") => Made(ResidualKind.Token, action.IssuedCredentialId) with
            {
                EndsAt = body?.TokenExpiresAt,
            },
            ("", "secrets") when isCreate => body?.SecretType switch
            {
                TokenType => Made(ResidualKind.SecretToken, null),
                null => Made(ResidualKind.SecretToken, null, ResidualCertainty.Unknown),
                _ => null,
            },
            ("certificates.k8s.io", "certificatesigningrequests/approval") => Made(
                ResidualKind.Certificate,
                "approved"
            ),
            ("certificates.k8s.io", "certificatesigningrequests") when isCreate => Made(
                ResidualKind.Certificate,
                "requested",
                ResidualCertainty.Unknown
            ),
            ("admissionregistration.k8s.io", "mutatingwebhookconfigurations" or "validatingwebhookconfigurations") =>
                Made(ResidualKind.Webhook, isCreate ? null : "changed"),
            ("", "pods/ephemeralcontainers") => Pod(isNew: true),


            ("", "pods" or "replicationcontrollers")
            or
            ("apps", "deployments" or "daemonsets" or "statefulsets" or "replicasets")
            or ("batch", "jobs" or "cronjobs") => Pod(isCreate),
            _ => null,
        };

        ResidualAccess Made(
            ResidualKind kind,
            string? detail,
            ResidualCertainty certainty = ResidualCertainty.Certain
        ) => new(kind, certainty, Name(action), detail is null ? null : ShortText.Message(detail), action.StageAt);

        // An update that does not tell is no finding: it is what most grants are for.
        ResidualAccess? Pod(bool isNew) =>
            body?.HostAccess switch
            {
                [_, ..] access => Made(ResidualKind.Pod, string.Join(", ", access)),
                null when isNew => Made(ResidualKind.Pod, null, ResidualCertainty.Unknown),
                _ => null,
            };
    }

    /// <summary>The object that an action is about; unique to the action if its name is unknown.</summary>
    public static string Key(AuditEvent action) =>
        action.Target is { } target && (target.Name ?? action.Body?.Name) is { } name
            ? $"{target.ApiGroup}\n{target.Resource}\n{target.Namespace}\n{name}"
            : Call(action);

    /// <summary>
    /// All events of one call have this in common; a client that chooses its audit ids does not choose it.
    /// </summary>
    public static string Call(AuditEvent action) =>
        $"{action.AuditId}\n{action.ReceivedAt.UtcTicks}\n{action.Verb}\n{action.RequestUri}";

    public static string? Name(AuditEvent action) =>
        action.Target is { } target && (target.Name ?? action.Body?.Name) is { } name
            ? ShortText.Name(target.Namespace is { } ns ? $"{ns}/{name}" : name)
            : null;

    private static bool IsWrite(string verb) => verb is "create" or "update" or "patch";
}
