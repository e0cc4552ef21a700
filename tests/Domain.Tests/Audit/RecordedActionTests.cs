using System.Text.Json;
using JitFunctions.Domain.Audit;
using static JitFunctions.Domain.Tests.Audit.Actions;

namespace JitFunctions.Domain.Tests.Audit;

public sealed class RecordedActionTests
{
    public static TheoryData<string, AuditEvent> Summaries =>
        new()
        {
            { "deleted pod payments/web-1", Deleted },
            { "was refused: list secrets in payments", Refused(On("list", "secrets", name: null)) },
            { "was refused: delete pod payments/web-1", Refused(Deleted) },
            { "was refused: use exec of pod payments/web-1", Refused(On("create", "pods/exec")) },
            { "read pod payments/web-1", On("get", "pods") },
            { "listed pods in payments", On("list", "pods", name: null) },
            { "listed secrets", On("list", "secrets", ns: null, name: null) },
            { "deleted all pods in payments", On("deletecollection", "pods", name: null) },
            { "created a pod in payments", On("create", "pods", name: null) },
            { "created pod payments/web-1", On("create", "pods") },
            { "patched scale of deployment payments/web-1", On("patch", "deployments/scale", "apps") },
            { "updated widget.example.com payments/web-1", On("update", "widgets", "example.com") },
            { "read networkpolicy payments/web-1", On("get", "networkpolicies", "networking.k8s.io") },
            { "read ingress payments/web-1", On("get", "ingresses", "networking.k8s.io") },
            { "read node n1", On("get", "nodes", ns: null, name: "n1") },
            { "read namespace payments", On("get", "namespaces", name: "payments") },
            {
                "opened a command in pod payments/web-1",
                On("get", "pods/exec") with
                {
                    Stage = AuditStage.ResponseStarted,
                    Code = 101,
                }
            },
            { "ended a command in pod payments/web-1", On("get", "pods/exec") },
            {
                "opened a port forward to pod payments/web-1",
                On("create", "pods/portforward") with
                {
                    Stage = AuditStage.ResponseStarted,
                }
            },
            {
                "began to watch pods in payments",
                On("watch", "pods", name: null) with
                {
                    Stage = AuditStage.ResponseStarted,
                }
            },
            { "read the log of pod payments/web-1", On("get", "pods/log") },
            { "issued a token of serviceaccount payments/web-1", On("create", "serviceaccounts/token") },
            { "evicted pod payments/web-1", On("create", "pods/eviction") },
            {
                "failed to delete pod payments/web-1 (404 NotFound)",
                Deleted with
                {
                    Code = 404,
                    FailureReason = "NotFound",
                }
            },
            { "failed to delete pod payments/web-1 (500)", Deleted with { Code = 500 } },
            { "deleted pod payments/web-1 as root", Deleted with { ImpersonatedUser = User("root") } },
            { "read /metrics?x=1", Deleted with { Verb = "get", Target = null, RequestUri = "/metrics?x=1" } },
            {
                "asked to delete pod payments/web-1",
                Deleted with
                {
                    Stage = AuditStage.RequestReceived,
                    Code = null,
                    Decision = null,
                }
            },
            { "did bind on pod payments/web-1", On("bind", "pods") },
        };

    [Theory]
    [MemberData(nameof(Summaries))]
    public void An_action_is_told_in_one_line(string expected, AuditEvent action) =>
        Assert.Equal(expected, ActionSummary.Of(action));

    [Fact]
    public void What_is_stored_is_short_and_visible_and_goes_through_JSON()
    {
        var odd = Deleted with
        {
            AuditId = new string('x', 1000),
            RequestUri = new string('y', 100_000),
            UserAgent = "a\u202eb\n",
            Target = Deleted.Target! with { Name = "\0\u001b[31m" },
            SourceIps = [.. Enumerable.Range(0, 100).Select(i => $"10.0.0.{i}")],
        };
        var action = RecordedAction.Of(
            "demo",
            new(odd, Array.Empty<byte>(), "ab"),
            new Attribution.Exact(GrantA, [GrantB], true)
        );

        Assert.Equal((200, 2500, 5), (action.AuditId.Length, action.RequestUri.Length, action.SourceIps.Count));
        Assert.Equal(("a\ufffdb ", "\ufffd\ufffd[31m"), (action.UserAgent, action.Name));
        Assert.Equal(("payments/jit-aaaaaaaaaaaa", true), (action.Binding, action.IsAfterEnd));
        Assert.Equivalent(
            action,
            JsonSerializer.Deserialize<RecordedAction>(JsonSerializer.Serialize(action)),
            strict: true
        );
    }

    public static TheoryData<Attribution, AttributionKind, string[], string[]> Kinds =>
        new()
        {
            { new Attribution.Exact("a", ["b"], false), AttributionKind.Exact, ["a"], ["b"] },
            { new Attribution.NotNeeded(["a", "b"], ["b"]), AttributionKind.NotNeeded, ["a", "b"], ["b"] },
            { new Attribution.Attempt(["a"], true), AttributionKind.Attempt, ["a"], [] },
            {
                new Attribution.AllowedOtherwise(OtherwiseCause.NoReason, ["a"]),
                AttributionKind.AllowedOtherwise,
                ["a"],
                []
            },
            {
                new Attribution.AllowedOtherwise(OtherwiseCause.Impersonation, ["a"], "b"),
                AttributionKind.AllowedOtherwise,
                ["a", "b"],
                []
            },
            {
                new Attribution.AllowedOtherwise(OtherwiseCause.Impersonation, ["a"], "a"),
                AttributionKind.AllowedOtherwise,
                ["a"],
                []
            },
            { new Attribution.Unrelated(), AttributionKind.Unrelated, [], [] },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_is_in_the_record_of_each_grant_that_it_has_to_do_with(
        Attribution attribution,
        AttributionKind kind,
        string[] grants,
        string[] also
    )
    {
        var action = RecordedAction.Of("demo", new(Deleted, Array.Empty<byte>(), "ab"), attribution);
        Assert.Equal((kind, "demo", "ab"), (action.Attribution, action.Cluster, action.Hash));
        Assert.Equal(grants, action.Grants);
        Assert.Equal(also, action.AlsoCoveredBy);
    }

    private static AuditEvent On(
        string verb,
        string resource,
        string group = "",
        string? ns = "payments",
        string? name = "web-1"
    ) =>
        Deleted with
        {
            Verb = verb,
            Target = resource.Split('/') is [var main, var sub]
                ? new(group, main, sub, ns, name)
                : new(group, resource, null, ns, name),
        };
}
