using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Bodies as docs/api.md shows them.</summary>
internal static class Sample
{
    public const string Id = "3f9k2m7xq0ab";

    public static JsonObject Pending(string id = Id) => JsonNode.Parse($$"""
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
          "policy": { "name": "payments-on-call", "version": "sha256:1", "automatic": false,
                      "approverGroups": ["payments-leads"], "requiredApprovals": 1 },
          "requestedAt": "2026-11-23T08:00:00Z",
          "decideBy": "2026-11-23T12:00:00Z",
          "reviews": [],
          "bindings": []
        }
        """)!.AsObject();

    public static void Approve(JsonObject request)
    {
        request["status"] = "approved";
        request["reviews"] = Parse("""[{ "reviewer": "bob@example.com", "verdict": "approve", "comment": "go", "at": "2026-11-23T08:04:00Z" }]""");
        request["approvedAt"] = "2026-11-23T08:04:00Z";
    }

    public static void Deny(JsonObject request)
    {
        request["status"] = "denied";
        request["reviews"] = Parse("""[{ "reviewer": "bob@example.com", "verdict": "deny", "comment": "use the runbook", "at": "2026-11-23T08:04:00Z" }]""");
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
