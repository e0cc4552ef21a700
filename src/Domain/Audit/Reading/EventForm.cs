using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>Reads one event of <c>audit.k8s.io/v1</c>.</summary>
internal static class EventForm
{
    private const string CredentialId = "authentication.kubernetes.io/credential-id";
    private const string IssuedCredentialId = "authentication.kubernetes.io/issued-credential-id";

    /// <returns>The event, or what is wrong with it.</returns>
    public static (AuditEvent? Event, string? Problem) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return (null, "it is no object");
        var item = new EventMembers(json);
        if (item.OptionalText("apiVersion") is { } version && version != "audit.k8s.io/v1")
            return (null, "'apiVersion' is not audit.k8s.io/v1");
        var target = item.OptionalObject("objectRef") is { } reference ? Target(item, reference) : null;
        var status = item.OptionalObject("responseStatus") is { } given ? new EventMembers(given) : null;
        var notes = item.OptionalObject("annotations") is { } annotations ? new EventMembers(annotations) : null;
        var read = new AuditEvent(
            item.Choice<AuditLevel>("level"),
            item.Text("auditID"),
            item.Choice<AuditStage>("stage"),
            item.Text("verb"),
            item.Text("requestURI"),
            item.OptionalObject("user") is { } user ? User(item, user) : new("", [], []),
            item.OptionalObject("impersonatedUser") is { } other ? User(item, other) : null,
            target,
            item.Time("requestReceivedTimestamp"),
            item.Time("stageTimestamp")
        )
        {
            SourceIps = item.Texts("sourceIPs"),
            UserAgent = item.OptionalText("userAgent"),
            Code = status?.OptionalInteger("code"),
            FailureReason = status?.OptionalText("reason"),
            Decision = notes?.OptionalText(Annotations.Decision),
            Reason = notes?.OptionalText(Annotations.Reason),
            IsTruncated = notes?.OptionalText("audit.k8s.io/truncated") == "true",
            IssuedCredentialId = notes?.OptionalText(IssuedCredentialId),
            Body = BodyFactsForm.Read(
                target,
                item.OptionalObject("requestObject"),
                item.OptionalObject("responseObject")
            ),
        };
        return (item.Problem ?? status?.Problem ?? notes?.Problem) is { } problem ? (null, problem) : (read, null);
    }

    // A call without a valid credential has a user without a name.
    private static AuditUser User(EventMembers item, JsonElement json)
    {
        var user = new EventMembers(json);
        var extra = user.OptionalObject("extra") is { } given ? new EventMembers(given) : null;
        return item.From(
            user,
            new AuditUser(
                user.OptionalText("username") ?? "",
                user.Texts("groups"),
                extra?.Texts(CredentialId) is { } ids ? item.From(extra, ids) : []
            )
        );
    }

    private static AuditedObject? Target(EventMembers item, JsonElement json)
    {
        var target = new EventMembers(json);
        return item.From(
            target,
            target.OptionalText("resource") is { Length: > 0 } resource
                ? new AuditedObject(
                    target.OptionalText("apiGroup") ?? "",
                    resource,
                    target.OptionalText("subresource"),
                    target.OptionalText("namespace"),
                    target.OptionalText("name")
                )
                : null
        );
    }
}

/// <summary>The annotations that an authorizer's answer has; GKE has them as labels.</summary>
internal static class Annotations
{
    public const string Decision = "authorization.k8s.io/decision";
    public const string Reason = "authorization.k8s.io/reason";

    /// <summary>
    /// The changes that a mutating webhook made to the object, which may be a Secret: one annotation for each change at
    /// level Request and above. pkg/admission/plugin/webhook/mutating/dispatcher.go in kubernetes/apiserver.
    /// </summary>
    public const string PatchPrefix = "patch.webhook.admission.k8s.io/";
}
