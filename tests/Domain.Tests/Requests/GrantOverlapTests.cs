using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Requests.ActivationSamples;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class GrantOverlapTests
{
    private static readonly Principal Requester = new("https://issuer#a1", "alice@example.com");
    private static readonly RbacRule Read = new([""], ["pods", "configmaps"], ["get", "list"]);
    private static readonly RbacRule ReadPods = new([""], ["pods"], ["get"]);
    private static readonly RbacRule DeletePods = new([""], ["pods"], ["delete"]);
    private static readonly RequestTerms HalfAnHour = new(
        new Scope("demo", ["a"], false, new RoleRef(RoleKind.ClusterRole, "view")),
        TimeSpan.FromMinutes(30),
        "why",
        null
    );

    public static TheoryData<string, NamespacedRules[], NamespacedRules[], bool> Pairs =>
        new()
        {
            { "the same", [In(["a"], Read)], [In(["a"], Read)], true },
            { "one right of several", [In(["a"], ReadPods, DeletePods)], [In(["a"], Read)], true },
            { "another verb", [In(["a"], DeletePods)], [In(["a"], Read)], false },
            { "another resource", [In(["a"], new RbacRule([""], ["secrets"], ["get"]))], [In(["a"], Read)], false },
            { "another group", [In(["a"], new RbacRule(["apps"], ["pods"], ["get"]))], [In(["a"], Read)], false },
            { "another namespace", [In(["b"], Read)], [In(["a"], Read)], false },
            { "one of two namespaces", [In(["a", "b"], Read)], [In(["b", "c"], Read)], true },
            { "the whole cluster and a namespace", [In([], ReadPods)], [In(["a"], Read)], true },
            { "a namespace and the whole cluster", [In(["a"], ReadPods)], [In([], Read)], true },
            { "one object of all", [In(["a"], Named("x"))], [In(["a"], Read)], true },
            { "another object", [In(["a"], Named("x"))], [In(["a"], Named("y"))], false },
            { "the same object", [In(["a"], Named("x", "z"))], [In(["a"], Named("y", "z"))], true },
            { "all verbs", [In(["a"], new RbacRule([""], ["pods"], ["*"]))], [In(["a"], DeletePods)], true },
            { "all resources", [In(["a"], new RbacRule([""], ["*"], ["get"]))], [In(["a"], Read)], true },
            { "all groups", [In(["a"], new RbacRule(["*"], ["pods"], ["get"]))], [In(["a"], Read)], true },
            {
                "a subresource of all",
                [In(["a"], new RbacRule([""], ["pods/exec"], ["get"]))],
                [In(["a"], new RbacRule([""], ["*/exec"], ["get"]))],
                true
            },
            {
                "a subresource of it",
                [In(["a"], new RbacRule([""], ["pods/exec"], ["get"]))],
                [In(["a"], Read)],
                false
            },
            { "a path", [In([], Url("/metrics"))], [In([], Url("/metrics"))], true },
            { "a path below", [In([], Url("/metrics/*"))], [In([], Url("/metrics/cadvisor"))], true },
            { "another path", [In([], Url("/healthz"))], [In([], Url("/metrics"))], false },
            { "rights that are not known", [], [In(["a"], Read)], true },
        };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Two_grants_overlap_if_some_call_is_allowed_by_both(
        string what,
        NamespacedRules[] one,
        NamespacedRules[] other,
        bool expected
    )
    {
        Assert.NotEmpty(what);
        Assert.Equal((expected, expected), (RightsOverlap.Of(one, other), RightsOverlap.Of(other, one)));
    }

    public static TheoryData<string, Overlap, OtherGrant, RequestTerms, string> AtRequests =>
        new()
        {
            { "the default", Overlap.Refuse, Held(), HalfAnHour, "refused held" },
            {
                "not active yet",
                Overlap.Refuse,
                Held() with
                {
                    Status = RequestStatus.Activating,
                    ExpiresAt = null,
                },
                HalfAnHour,
                "refused held"
            },
            { "allowed", Overlap.Allow, Held(), HalfAnHour, "none" },
            { "no common right", Overlap.Refuse, Held(DeletePods), HalfAnHour, "none" },
            { "ending", Overlap.Refuse, Held() with { Status = RequestStatus.Ending }, HalfAnHour, "none" },
            { "expired", Overlap.Refuse, Held() with { ExpiresAt = Noon }, HalfAnHour, "none" },
            {
                "over before the start",
                Overlap.Refuse,
                Held(),
                HalfAnHour with
                {
                    Start = Noon.AddMinutes(10),
                },
                "none"
            },
            {
                "not over before the start",
                Overlap.Refuse,
                Held(),
                HalfAnHour with
                {
                    Start = Noon.AddMinutes(9),
                },
                "refused held"
            },
            { "break-glass", Overlap.Refuse, Held(), HalfAnHour with { BreakGlass = true }, "none" },
            {
                "somebody else's",
                Overlap.Refuse,
                Held() with
                {
                    Subject = "https://issuer#other",
                },
                HalfAnHour,
                "refused "
            },
            { "merged", Overlap.Merge, Held(), HalfAnHour, "merged held 00:20:00" },
            {
                "merged, long enough",
                Overlap.Merge,
                Held() with
                {
                    ExpiresAt = Noon.AddHours(1),
                },
                HalfAnHour,
                "merged held 00:00:00"
            },
            {
                "merged again",
                Overlap.Merge,
                Held() with
                {
                    ExpiresAt = Noon.AddMinutes(29.5),
                },
                HalfAnHour,
                "merged held 00:00:00"
            },
            { "more than it has", Overlap.Merge, Held(ReadPods), HalfAnHour, "refused held" },
            {
                "somebody else's is not merged",
                Overlap.Merge,
                Held() with
                {
                    Subject = "https://issuer#other",
                },
                HalfAnHour,
                "refused "
            },
            {
                "not active yet is not merged",
                Overlap.Merge,
                Held() with
                {
                    Status = RequestStatus.Activating,
                    ExpiresAt = null,
                },
                HalfAnHour,
                "refused held"
            },
            { "an extension waits", Overlap.Merge, Held() with { Extending = true }, HalfAnHour, "refused held" },
            { "another ticket", Overlap.Merge, Held(), HalfAnHour with { Ticket = "INC-2" }, "refused held" },
            {
                "the same ticket",
                Overlap.Merge,
                Held() with
                {
                    Ticket = "INC-2",
                },
                HalfAnHour with
                {
                    Ticket = "INC-2",
                },
                "merged held 00:20:00"
            },
            {
                "a scheduled start",
                Overlap.Merge,
                Held(),
                HalfAnHour with
                {
                    Start = Noon.AddMinutes(5),
                },
                "refused held"
            },
        };

    [Theory]
    [MemberData(nameof(AtRequests))]
    public void A_request_is_refused_or_merged_as_the_policy_says(
        string what,
        Overlap overlap,
        OtherGrant other,
        RequestTerms terms,
        string expected
    )
    {
        Assert.NotEmpty(what);
        var policy = Payments with { Overlap = overlap, Enforcement = Enforcement.Identity };

        Assert.Equal(
            expected,
            Text(GrantOverlap.AtRequest(policy, Requester, terms, [In(["a"], Read)], [other], Noon))
        );
        Assert.Equal(
            "none",
            Text(
                GrantOverlap.AtRequest(
                    policy with
                    {
                        Enforcement = Enforcement.Ephemeral,
                    },
                    Requester,
                    terms,
                    [In(["a"], Read)],
                    [other],
                    Noon
                )
            )
        );
    }

    [Fact]
    public void A_refusal_names_the_callers_own_grant_and_what_to_do_and_nobody_elses()
    {
        var policy = Payments with { Enforcement = Enforcement.Identity };
        var own = Refusal([Held(), Held() with { Request = "later", ExpiresAt = Noon.AddMinutes(20) }]);
        Assert.Equal(("overlapping-grant", "later"), (own.Code, own.Grant));
        Assert.Contains("kubectl jit extend later", own.Detail, StringComparison.Ordinal);

        var others = Refusal([Held() with { Subject = "https://issuer#other" }]);
        Assert.Null(others.Grant);
        Assert.DoesNotContain("held", others.Detail, StringComparison.Ordinal);

        Rejection Refusal(IReadOnlyList<OtherGrant> live) =>
            Assert
                .IsType<OverlapResult.Refused>(
                    GrantOverlap.AtRequest(policy, Requester, HalfAnHour, [In(["a"], Read)], live, Noon)
                )
                .Why;
    }

    public static TheoryData<string, AccessRequest, OtherGrant?, Type?> AtActivations
    {
        get
        {
            var other = new OtherGrant(
                "held",
                Approved.Requester.Subject,
                RequestStatus.Active,
                Approved.Rights,
                Noon.AddMinutes(10),
                null,
                false
            );
            var allowed = Approved with { Policy = Approved.Policy with { Overlap = Overlap.Allow } };
            var ephemeral = Approved with { Policy = Approved.Policy with { Enforcement = Enforcement.Ephemeral } };
            return new()
            {
                { "nothing else", Approved, null, null },
                { "active", Approved, other, typeof(Eligibility.Refuse) },
                {
                    "activating",
                    Approved,
                    other with
                    {
                        Status = RequestStatus.Activating,
                        ExpiresAt = null,
                    },
                    typeof(Eligibility.Refuse)
                },
                { "ending", Approved, other with { Status = RequestStatus.Ending }, typeof(Eligibility.NotYet) },
                { "expired", Approved, other with { ExpiresAt = Noon }, typeof(Eligibility.NotYet) },
                { "elsewhere", Approved, other with { Rights = [In(["elsewhere"], Read)] }, null },
                { "allowed", allowed, other, null },
                { "ephemeral", ephemeral, other, null },
                { "break-glass", Approved with { PostReview = new(Noon) }, other, null },
            };
        }
    }

    [Theory]
    [MemberData(nameof(AtActivations))]
    public void The_activation_looks_again(string what, AccessRequest request, OtherGrant? other, Type? expected)
    {
        Assert.NotEmpty(what);
        IReadOnlyList<OtherGrant> others = other is null ? [] : [other];

        Assert.Equal(expected, GrantOverlap.AtActivation(request, others, Noon)?.GetType());
        var command = new AccessRequestCommand.DecideActivation(new Eligibility.Go(request.ScopeHash), Noon)
        {
            Others = others,
        };
        var events = Assert.IsType<Decision.Accepted>(AccessRequestDecider.Decide(request, command)).Events;
        Assert.Equal(expected is null, events is [AccessRequestEvent.ActivationStarted]);
    }

    private static OtherGrant Held(params RbacRule[] rules) =>
        new(
            "held",
            Requester.Subject,
            RequestStatus.Active,
            [In(["a"], rules is [] ? [Read] : rules)],
            Noon.AddMinutes(10),
            null,
            false
        );

    private static string Text(OverlapResult result) =>
        result switch
        {
            OverlapResult.Refused refused => $"refused {refused.Why.Grant}",
            OverlapResult.Merged merged => $"merged {merged.Request} {merged.By}",
            _ => "none",
        };

    private static RbacRule Named(params string[] names) => new([""], ["pods"], ["get"], names);

    private static RbacRule Url(string url) => new([], [], ["get"], null, [url]);

    private static NamespacedRules In(string[] namespaces, params RbacRule[] rules) => new(namespaces, rules);
}
