using System.Text.Json;

namespace JitFunctions.Domain.Audit.Reading;

/// <summary>
/// Reads a LogEntry of GKE as an audit event. GKE drops the stage, the groups and credential ids of the user, and the
/// status of calls that succeed; its one time stands for both times of an event.
/// </summary>
internal static class GkeForm
{
    /// <returns>The event, or what is wrong with it.</returns>
    public static (AuditEvent? Event, string? Problem) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return (null, "it is no object");
        var entry = new EventMembers(json);
        if (entry.OptionalObject("protoPayload") is not { } payload)
            return (null, "'protoPayload' is missing or has another type");
        var call = new EventMembers(payload);
        var caller = Inside(call, "authenticationInfo");
        var request = Inside(call, "requestMetadata");
        var status = Inside(call, "status");
        var labels = Inside(entry, "labels");
        var at = entry.Time("timestamp");
        var resource = call.OptionalText("resourceName") ?? "";
        var target = Target(resource);
        var body = (Request: call.OptionalObject("request"), Response: call.OptionalObject("response"));
        var read = new AuditEvent(
            body.Response is not null ? AuditLevel.RequestResponse
                : body.Request is not null ? AuditLevel.Request
                : AuditLevel.Metadata,
            entry.Text("insertId"),
            AuditStage.NotGiven,
            Verb(call.Text("methodName")),
            resource,
            new(caller.OptionalText("principalEmail") ?? "", [], []),
            caller.OptionalText("authoritySelector") is { Length: > 0 } other ? new(other, [], []) : null,
            target,
            at,
            at
        )
        {
            SourceIps = request.OptionalText("callerIp") is { } ip ? [ip] : [],
            UserAgent = request.OptionalText("callerSuppliedUserAgent"),
            Code = HttpCode(status.OptionalInteger("code") ?? 0),
            FailureReason = status.OptionalText("message"),
            Decision = labels.OptionalText(Annotations.Decision) ?? Granted(payload),
            Reason = labels.OptionalText(Annotations.Reason),
            Body = BodyFactsForm.Read(target, body.Request, body.Response),
        };
        var problem =
            entry.Problem ?? call.Problem ?? caller.Problem ?? request.Problem ?? status.Problem ?? labels.Problem;
        return problem is null ? (read, null) : (null, problem);
    }

    /// <summary><c>io.k8s.core.v1.pods.exec.create</c> is a create; <c>io.k8s.get</c> is a get of a path.</summary>
    public static string Verb(string method) => method[(method.LastIndexOf('.') + 1)..];

    /// <summary>
    /// <c>apps/v1/namespaces/payments/deployments/web/scale</c>; the core group is called <c>core</c>. The group in the
    /// method's name has another form, such as <c>authorization.rbac</c>.
    /// </summary>
    /// <returns>Null for a path that is no resource.</returns>
    public static AuditedObject? Target(string resourceName)
    {
        var parts = resourceName.Split('/');
        if (parts is not [var group, var version, _, ..] || !IsVersion(version))
            return null;
        group = group == "core" ? "" : group;
        return parts[2..] switch
        {
            // As the API server does it, a namespace is in itself.
            ["namespaces", var ns] => new(group, "namespaces", null, ns, ns),
            ["namespaces", var ns, "status" or "finalize"] => new(group, "namespaces", parts[4], ns, ns),
            ["namespaces", var ns, var resource] => new(group, resource, null, ns, null),
            ["namespaces", var ns, var resource, var name] => new(group, resource, null, ns, name),
            ["namespaces", var ns, var resource, var name, var sub, ..] => new(group, resource, sub, ns, name),
            [var resource] => new(group, resource, null, null, null),
            [var resource, var name] => new(group, resource, null, null, name),
            [var resource, var name, var sub, ..] => new(group, resource, sub, null, name),
            _ => null,
        };
    }

    private static bool IsVersion(string text) => text is ['v', >= '0' and <= '9', ..];

    private static EventMembers Inside(EventMembers outer, string name) =>
        new(outer.OptionalObject(name) ?? JsonElement.Parse("{}"u8));

    private static string? Granted(JsonElement payload) =>
        payload.TryGetProperty("authorizationInfo", out var list)
        && list.ValueKind == JsonValueKind.Array
        && list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first
        && first.TryGetProperty("granted", out var granted)
            ? granted.ValueKind switch
            {
                JsonValueKind.True => "allow",
                JsonValueKind.False => "forbid",
                _ => null,
            }
            : null;

    // google/rpc/code.proto in googleapis/googleapis names the HTTP status of each code. 0 is all that succeeded.
    private static int? HttpCode(int code) =>
        code switch
        {
            0 => null,
            1 => 499,
            3 or 9 or 11 => 400,
            4 => 504,
            5 => 404,
            6 or 10 => 409,
            7 => 403,
            8 => 429,
            12 => 501,
            14 => 503,
            16 => 401,
            >= 100 => code,
            _ => 500,
        };
}
