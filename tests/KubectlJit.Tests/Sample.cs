using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Bodies as docs/api.md shows them.</summary>
internal static class Sample
{
    public const string Id = "3f9k2m7xq0ab";
    public const string Scope = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    public const string NarrowScope = "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
    public const string ExtensionScope = "sha256:fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13";

    public static JsonObject Pending(string id = Id) =>
        JsonNode
            .Parse(
                $$"""
                {
                  "id": "{{id}}",
                  "version": 1,
                  "status": "pending",
                  "requester": { "subject": "s-1", "username": "alice@example.com" },
                  "cluster": "prod-eu",
                  "namespaces": ["payments"],
                  "clusterWide": false,
                  "role": { "kind": "ClusterRole", "name": "edit" },
                  "duration": "30m",
                  "reason": "restart the stuck consumer",
                  "scope": "{{Scope}}",
                  "policy": { "name": "payments-on-call", "version": "sha256:1", "source": "payments.yaml:3", "automatic": false,
                              "approverGroups": ["payments-leads"], "requiredApprovals": 1,
                              "requirements": [{ "groups": ["payments-leads"], "count": 1 }] },
                  "dangers": [],
                  "requestedAt": "2026-11-23T08:00:00Z",
                  "decideBy": "2026-11-23T12:00:00Z",
                  "reviews": [],
                  "bindings": []
                }
                """
            )!
            .AsObject();

    public static void Approve(JsonObject request)
    {
        request["status"] = "approved";
        request["reviews"] = Parse(
            """[{ "reviewer": "bob@example.com", "verdict": "approve", "comment": "go", "at": "2026-11-23T08:04:00Z", "counts": true }]"""
        );
        request["approvedAt"] = "2026-11-23T08:04:00Z";
    }

    public static void Deny(JsonObject request)
    {
        request["status"] = "denied";
        request["reviews"] = Parse(
            """[{ "reviewer": "bob@example.com", "verdict": "deny", "comment": "use the runbook", "at": "2026-11-23T08:04:00Z" }]"""
        );
    }

    /// <summary>Two people have to approve, one of them of security.</summary>
    public static void NeedTwo(JsonObject request)
    {
        request["policy"]!["approverGroups"] = Parse("""["payments-leads", "security"]""");
        request["policy"]!["requiredApprovals"] = 2;
        request["policy"]!["requirements"] = Parse(
            """[{ "groups": ["payments-leads"], "count": 1 }, { "groups": ["security"], "count": 1 }]"""
        );
    }

    public static void ReadSecrets(JsonObject request)
    {
        request["dangers"] = Parse(
            """[{ "kind": "read-secrets", "reach": "namespace", "blastRadius": "Reads every secret, and so can become its service accounts." }]"""
        );
        request["rights"] = Parse(
            """
            [{ "namespaces": ["payments"], "rules": [
              { "apiGroups": [""], "resources": ["pods", "pods/log", "secrets"], "verbs": ["get", "list"] },
              { "apiGroups": ["apps"], "resources": ["deployments", "deployments/scale"], "verbs": ["update"], "resourceNames": ["consumer"] }] }]
            """
        );
    }

    public static void AskLonger(JsonObject request, string duration = "20m", string reason = "the queue is long") =>
        request["extension"] = new JsonObject
        {
            ["duration"] = duration,
            ["reason"] = reason,
            ["scope"] = ExtensionScope,
            ["reviews"] = new JsonArray(),
            ["requestedAt"] = "2026-11-23T08:05:00Z",
        };

    public static void BreakGlass(JsonObject request) =>
        request["breakGlass"] = Parse(
            """
            { "reviewBy": "2026-11-24T08:00:00Z", "notifiedAt": "2026-11-23T08:00:01Z", "reviews": [] }
            """
        );

    public static void Settle(JsonNode breakGlass, bool justified)
    {
        breakGlass["settledAt"] = "2026-11-23T08:04:40Z";
        breakGlass["justified"] = justified;
    }

    /// <summary>Less than was asked, and so another scope; it still waits for the second approval.</summary>
    public static void Narrow(JsonObject request, JsonObject narrow)
    {
        foreach (var (name, value) in narrow)
            request[name] = value?.DeepClone();
        request["scope"] = NarrowScope;
        foreach (var review in request["reviews"]!.AsArray())
            review!["counts"] = false;
        request["reviews"]!
            .AsArray()
            .Add(
                Parse(
                    """{ "reviewer": "dora@example.com", "verdict": "approve", "at": "2026-11-23T08:04:30Z", "counts": true }"""
                )
            );
    }

    public static void Activate(JsonObject request)
    {
        request["status"] = "active";
        request["activatedAt"] = "2026-11-23T08:04:30Z";
        request["expiresAt"] = "2026-11-23T08:34:30Z";
        request["bindings"] = Parse($$"""[{ "namespace": "payments", "name": "jit-{{Id}}", "uid": "u-1" }]""");
    }

    public static void End(JsonObject request, string status, string cause, string by)
    {
        request["status"] = status;
        request["ending"] = Parse($$"""{ "cause": "{{cause}}", "by": "{{by}}", "at": "2026-11-23T08:04:50Z" }""");
        request["endedAt"] = "2026-11-23T08:04:51Z";
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json)!;
}
