using JitFunctions.Domain.Audit;
using static JitFunctions.Domain.Tests.Audit.Actions;
using Kind = JitFunctions.Domain.Audit.ResidualKind;
using Sure = JitFunctions.Domain.Audit.ResidualCertainty;

namespace JitFunctions.Domain.Tests.Audit;

public sealed class ResidualFoldTests
{
    private const string Rbac = "rbac.authorization.k8s.io";

    private static readonly DateTimeOffset End = Noon.AddHours(1);
    private static readonly BodyFacts NoBody = new(null, null, [], null, null, null);

    public static TheoryData<string, AuditEvent, Kind?, Sure?> SingleCalls =>
        new()
        {
            { "a binding", Write("create", Rbac, "rolebindings"), Kind.Binding, Sure.Certain },
            { "a binding of the cluster", Write("patch", Rbac, "clusterrolebindings"), Kind.Binding, Sure.Certain },
            { "a role", Write("create", Rbac, "roles"), Kind.Role, Sure.Certain },
            { "a changed role", Write("update", Rbac, "clusterroles"), Kind.Role, Sure.Certain },
            { "a role of another group", Write("create", "example.com", "roles"), null, null },
            { "a token", Write("create", "", "serviceaccounts/token"), Kind.Token, Sure.Certain },
            { "a service account", Write("create", "", "serviceaccounts"), null, null },
            { "a secret", Write("create", "", "secrets"), Kind.SecretToken, Sure.Unknown },
            { "a secret by apply", Write("patch", "", "secrets") with { Code = 201 }, Kind.SecretToken, Sure.Unknown },
            { "a changed secret", Write("patch", "", "secrets"), null, null },
            {
                "a token in a secret",
                Write("create", "", "secrets", NoBody with { SecretType = "kubernetes.io/service-account-token" }),
                Kind.SecretToken,
                Sure.Certain
            },
            { "another secret", Write("create", "", "secrets", NoBody with { SecretType = "Opaque" }), null, null },
            {
                "a certificate",
                Write("create", "certificates.k8s.io", "certificatesigningrequests"),
                Kind.Certificate,
                Sure.Unknown
            },
            {
                "an approval",
                Write("update", "certificates.k8s.io", "certificatesigningrequests/approval"),
                Kind.Certificate,
                Sure.Certain
            },
            {
                "a webhook",
                Write("create", "admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
                Kind.Webhook,
                Sure.Certain
            },
            {
                "another webhook",
                Write("patch", "admissionregistration.k8s.io", "validatingwebhookconfigurations"),
                Kind.Webhook,
                Sure.Certain
            },
            { "a pod", Write("create", "", "pods"), Kind.Pod, Sure.Unknown },
            {
                "a privileged pod",
                Write("create", "", "pods", NoBody with { HostAccess = ["privileged"] }),
                Kind.Pod,
                Sure.Certain
            },
            { "a harmless pod", Write("create", "", "pods", NoBody with { HostAccess = [] }), null, null },
            { "a debug container", Write("patch", "", "pods/ephemeralcontainers"), Kind.Pod, Sure.Unknown },
            { "a daemon set", Write("create", "apps", "daemonsets"), Kind.Pod, Sure.Unknown },
            { "a restarted deployment", Write("patch", "apps", "deployments"), null, null },
            {
                "a deployment made privileged",
                Write("patch", "apps", "deployments", NoBody with { HostAccess = ["hostPID"] }),
                Kind.Pod,
                Sure.Certain
            },
            { "a config map", Write("create", "", "configmaps"), null, null },
            { "a read binding", Write("get", Rbac, "rolebindings"), null, null },
            { "refused", Refused(Write("create", Rbac, "rolebindings")), null, null },
            { "failed", Write("create", Rbac, "rolebindings") with { Code = 409 }, null, null },
            {
                "GKE, without a status",
                Write("create", Rbac, "rolebindings") with
                {
                    Code = null,
                },
                Kind.Binding,
                Sure.Certain
            },
            { "a dry run", DryRun(Write("create", Rbac, "rolebindings"), "?fieldManager=x&dryRun=All"), null, null },
            { "a hidden dry run", DryRun(Write("create", Rbac, "rolebindings"), "?dry%52un=All"), null, null },
            {
                "no dry run",
                DryRun(Write("create", Rbac, "rolebindings"), "?fieldManager=dryRun"),
                Kind.Binding,
                Sure.Certain
            },
        };

    [Theory]
    [MemberData(nameof(SingleCalls))]
    public void One_call_leaves(string name, AuditEvent action, Kind? kind, Sure? certainty)
    {
        Assert.NotEmpty(name);
        var left = ResidualFold.Of([action], End).SingleOrDefault();
        Assert.Equal((kind, certainty), (left?.Kind, left?.Certainty));
        if (left is not null)
            Assert.Equal("payments/one", left.Name);
        // A repeat changes nothing.
        Assert.Equal(left is null ? 0 : 1, ResidualFold.Of([action, action], End).Count);
    }

    [Fact]
    public void What_was_deleted_again_is_left_out()
    {
        var made = Write("create", Rbac, "rolebindings");
        var deleted = Later(Write("delete", Rbac, "rolebindings") with { Level = AuditLevel.RequestResponse });
        Assert.Empty(ResidualFold.Of([deleted, made], End)); // in any order
        Assert.Single(ResidualFold.Of([made, Refused(deleted)], End));
        Assert.Single(ResidualFold.Of([made, deleted with { Target = deleted.Target! with { Name = "two" } }], End));
        Assert.Single(ResidualFold.Of([made, deleted with { Target = deleted.Target! with { Namespace = "x" } }], End));
        Assert.Single(ResidualFold.Of([made, deleted with { Verb = "deletecollection" }], End));
        Assert.Single(ResidualFold.Of([made, deleted, Later(Later(made))], End)); // made again
    }

    // A delete can ask for a dry run in its body.
    [Fact]
    public void A_delete_that_may_be_a_dry_run_hides_nothing()
    {
        var made = Write("create", Rbac, "rolebindings");
        var deleted = Later(Write("delete", Rbac, "rolebindings"));
        var maybe = Assert.Single(ResidualFold.Of([made, deleted], End));
        Assert.Equal((Sure.Unknown, "deleted again, unless that was a dry run"), (maybe.Certainty, maybe.Detail));

        AuditEvent[] dry =
        [
            DryRun(deleted with { Level = AuditLevel.Request }, "?dryRun=All"),
            deleted with
            {
                Level = AuditLevel.Request,
                Body = NoBody with { IsDryRun = true },
            },
        ];
        Assert.Each(dry, one => Assert.Equal(Sure.Certain, Assert.Single(ResidualFold.Of([made, one], End)).Certainty));
        Assert.Equal(
            Sure.Unknown,
            Assert
                .Single(ResidualFold.Of([made, deleted with { Level = AuditLevel.Request, IsTruncated = true }], End))
                .Certainty
        );
    }

    [Fact]
    public void Tokens_end_with_their_service_account_or_by_themselves()
    {
        var token = Write("create", "", "serviceaccounts/token") with { IssuedCredentialId = "JTI=1" };
        var other = Later(token) with { AuditId = "audit-2", IssuedCredentialId = "JTI=2" };
        var deleted = Later(Later(Write("delete", "", "serviceaccounts"))) with { Level = AuditLevel.Request };
        Assert.Equal(["JTI=1", "JTI=2"], ResidualFold.Of([token, other], End).Select(one => one.Detail));
        Assert.Empty(ResidualFold.Of([token, other, deleted], End));

        var expires = token with { Body = NoBody with { TokenExpiresAt = End.AddSeconds(1) } };
        Assert.Equal(End.AddSeconds(1), Assert.Single(ResidualFold.Of([expires], End)).EndsAt);
        Assert.Empty(ResidualFold.Of([expires], End.AddSeconds(1)));
    }

    [Fact]
    public void A_certificate_outlives_its_request()
    {
        var asked = Write("create", "certificates.k8s.io", "certificatesigningrequests");
        var approved = Later(Write("update", "certificates.k8s.io", "certificatesigningrequests/approval"));
        var deleted = Later(Later(Write("delete", "certificates.k8s.io", "certificatesigningrequests"))) with
        {
            Level = AuditLevel.Request,
        };
        Assert.Equal(
            (Sure.Certain, "approved"),
            Assert.Single(ResidualFold.Of([asked, approved, deleted], End)) is var left
                ? (left.Certainty, left.Detail)
                : default
        );
        Assert.Equal(Sure.Unknown, Assert.Single(ResidualFold.Of([asked, deleted], End)).Certainty);
    }

    [Fact]
    public void A_pod_that_was_evicted_or_changed()
    {
        var made = Write("create", "", "pods", NoBody with { HostAccess = ["hostPID"] });
        var evicted = Later(Write("create", "", "pods/eviction")) with { Level = AuditLevel.Request };
        Assert.Empty(ResidualFold.Of([made, evicted], End));
        var debugged = Later(Write("patch", "", "pods/ephemeralcontainers"));
        Assert.Equal("hostPID", Assert.Single(ResidualFold.Of([made, debugged], End)).Detail);
    }

    [Fact]
    public void A_generated_name_that_no_event_tells_stays_unknown()
    {
        var made = Write("create", "", "pods") with { Target = new("", "pods", null, "payments", null) };
        var left = ResidualFold.Of([made, Later(made) with { AuditId = "audit-2" }], End);
        Assert.Equal([null, null], left.Select(one => one.Name));
        Assert.Equal(
            "payments/web-x7",
            Assert
                .Single(
                    ResidualFold.Of(
                        [made with { Body = NoBody with { Name = "web-x7", HostAccess = ["hostPID"] } }],
                        End
                    )
                )
                .Name
        );
    }

    public static TheoryData<string, string> StreamCalls =>
        new()
        {
            { "get", "exec" },
            { "create", "exec" },
            { "create", "attach" },
            { "get", "portforward" },
            { "get", "log" },
            { "get", "proxy" },
            { "watch", "" },
        };

    [Theory]
    [MemberData(nameof(StreamCalls))]
    public void A_stream_without_an_end_is_open_at_least_until_then(string verb, string subresource)
    {
        var started = Write(verb, "", subresource.Length > 0 ? $"pods/{subresource}" : "pods") with
        {
            Stage = AuditStage.ResponseStarted,
            Code = 101,
        };
        var ended = Later(started) with { ReceivedAt = started.ReceivedAt, Stage = AuditStage.ResponseComplete };

        var open = Assert.Single(ResidualFold.Of([started], End));
        Assert.Equal((Kind.OpenStream, Sure.LowerBound, "payments/one"), (open.Kind, open.Certainty, open.Name));
        Assert.Empty(ResidualFold.Of([ended, started], End));
        // It was open when the grant ended, and has ended since.
        var late = ended with
        {
            StageAt = End.AddMinutes(5),
        };
        var left = Assert.Single(ResidualFold.Of([started, late], End));
        Assert.Equal((Sure.Certain, End.AddMinutes(5)), (left.Certainty, left.EndsAt));
        Assert.Empty(ResidualFold.Of([Refused(started)], End));
        // The end of another call with the same audit id is not its end.
        Assert.Equal(
            Sure.LowerBound,
            Assert
                .Single(ResidualFold.Of([started, ended with { ReceivedAt = started.ReceivedAt.AddSeconds(1) }], End))
                .Certainty
        );
    }

    [Fact]
    public void It_is_described_in_words()
    {
        Assert.Equal(
            "binding payments/one (ClusterRole/admin for User/mallory)",
            Assert
                .Single(
                    ResidualFold.Of(
                        [
                            Write(
                                "create",
                                Rbac,
                                "rolebindings",
                                NoBody with
                                {
                                    Role = "ClusterRole/admin",
                                    Subjects = ["User/mallory"],
                                }
                            ),
                        ],
                        End
                    )
                )
                .Describe()
        );
        Assert.Equal(
            "token in secret payments/one; whether it gives access cannot be told from its event",
            Assert.Single(ResidualFold.Of([Write("create", "", "secrets")], End)).Describe()
        );
        Assert.Each(
            Enum.GetValues<Kind>(),
            kind =>
                Assert.EndsWith(
                    " x, until 2026-03-02T13:00:00Z",
                    new ResidualAccess(kind, Sure.Certain, "x", null, Noon, End).Describe(),
                    StringComparison.Ordinal
                )
        );
    }

    private static AuditEvent Write(string verb, string group, string resource, BodyFacts? body = null) =>
        Deleted with
        {
            Verb = verb,
            Target = resource.Split('/') is [var main, var sub]
                ? new(group, main, sub, "payments", "one")
                : new(group, resource, null, "payments", "one"),
            RequestUri = $"/{resource}",
            Body = body,
        };

    private static AuditEvent DryRun(AuditEvent action, string query) =>
        action with
        {
            RequestUri = action.RequestUri + query,
        };

    private static AuditEvent Later(AuditEvent action) =>
        action with
        {
            ReceivedAt = action.ReceivedAt.AddMinutes(1),
            StageAt = action.StageAt.AddMinutes(1),
        };
}
