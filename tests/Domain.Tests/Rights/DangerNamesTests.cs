using JitFunctions.Domain.Rights;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Rights;

/// <summary>Rules for named objects, and what approvers read.</summary>
public sealed class DangerNamesTests
{
    // The API server looks at the name of a collection's objects neither in the path nor in a field selector.
    [Theory]
    [InlineData("deletecollection", "secrets", "core")]
    [InlineData("deletecollection", "validatingwebhookconfigurations", "admissionregistration.k8s.io")]
    public void Names_never_match_where_there_is_none(string verb, string resource, string group)
    {
        Assert.Empty(DangerousRights.In([Everywhere(Rule(verb, resource, group, "db"))]));
        Assert.NotEmpty(DangerousRights.In([Everywhere(Rule(verb, resource, group))]));
    }

    // Server-side apply and PUT name what they create: SecretAnswerTests.
    [Theory]
    [InlineData("create", "secrets", "core")]
    [InlineData("create", "pods", "core")]
    [InlineData("create", "deployments", "apps")]
    [InlineData("create", "rolebindings", "rbac.authorization.k8s.io")]
    [InlineData("create", "persistentvolumes", "core")]
    [InlineData("create", "pods/exec", "core")]
    [InlineData("create", "serviceaccounts/token", "core")]
    [InlineData("get", "secrets", "core")]
    [InlineData("list", "secrets", "core")]
    [InlineData("watch", "secrets", "core")]
    [InlineData("patch", "deployments", "apps")]
    [InlineData("bind", "clusterroles", "rbac.authorization.k8s.io")]
    [InlineData("impersonate", "groups", "core")]
    [InlineData("impersonate:user-info", "userextras/scopes", "authentication.k8s.io")]
    [InlineData("approve", "signers", "certificates.k8s.io")]
    public void Names_that_do_match_are_told(string verb, string resource, string group) =>
        Assert.EndsWith(
            $": it may {verb} {resource} (only \"db\" and \"web\")",
            Only(Everywhere(Rule(verb, resource, group, "web", "db"))).BlastRadius,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_empty_name_is_no_limit()
    {
        Assert.Contains(
            DangerousRights.In([In("payments", Rule("create", "pods", "core", "db", ""))]),
            right => right.Kind == "run-workloads"
        );
        Assert.Equal(
            "can read secrets in payments, tokens of service accounts among them: it may list secrets",
            Only(In("payments", Rule("list", "secrets", "core", ""))).BlastRadius
        );
    }

    [Fact]
    public void A_rule_without_names_lifts_the_limit_of_another_in_one_role_and_in_two()
    {
        Assert.EndsWith(
            "it may get secrets",
            Only(In("payments", Rule("get", "secrets", "core", "db"), Rule("get", "secrets"))).BlastRadius,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "it may get secrets; watch secrets (only \"db\")",
            Only(
                In("payments", Rule("get watch", "secrets", "core", "db")),
                In("payments", Rule("get", "secrets"))
            ).BlastRadius,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Full_impersonation_is_described_without_its_constrained_forms() =>
        Assert.Equal(
            "can act as others in the whole cluster: it may impersonate groups, serviceaccounts, uids and users; "
                + "impersonate:arbitrary-node and impersonate:associated-node nodes",
            Words("impersonate", Everywhere(Rule("*", "*", "*")))
        );

    [Fact]
    public void A_rule_for_some_names_is_no_full_control_but_a_danger_all_the_same()
    {
        var found = DangerousRights.In([Everywhere(Rule("*", "*", "*", "db"))]).Select(right => right.Kind).ToList();
        Assert.DoesNotContain("full-control", found);
        Assert.Superset(
            new HashSet<string>
            {
                "create-token-secrets",
                "wildcard-verbs",
                "wildcard-resources",
                "read-secrets",
                "run-workloads",
                "bind",
                "impersonate",
            },
            found.ToHashSet()
        );
    }

    [Fact]
    public void One_entry_for_a_kind_and_reach_names_all_its_namespaces()
    {
        var found = DangerousRights.In([
            In("payments orders", Rule("create", "pods"), Rule("update", "pods"), Rule("create", "jobs", "batch")),
            In("kube-public kube-system", Rule("create", "pods")),
        ]);
        Assert.Equal(
            [
                new(
                    "run-workloads",
                    DangerReach.Cluster,
                    "can become any service account in kube-public and kube-system, and get at nodes where pod "
                        + "security allows it: it may create pods"
                ),
                new(
                    "run-workloads",
                    DangerReach.Namespace,
                    "can become any service account in orders and payments, and get at nodes where pod security "
                        + "allows it: it may create and update pods; create jobs"
                ),
            ],
            found
        );
    }

    [Fact]
    public void Where_namespaces_differ_it_says_which_has_what() =>
        Assert.Equal(
            "can read secrets in orders and payments, tokens of service accounts among them: it may get secrets "
                + "(only \"db\") in orders; get and list secrets in payments",
            Only(
                In("payments", Rule("get list", "secrets")),
                In("orders", Rule("get", "secrets", "core", "db"))
            ).BlastRadius
        );

    [Fact]
    public void Namespaces_that_are_alike_are_told_together() =>
        Assert.Equal(
            "can read secrets in orders and payments, tokens of service accounts among them: it may get secrets",
            Only(In("payments", Rule("get", "secrets")), In("orders", Rule("get", "secrets"))).BlastRadius
        );

    [Theory]
    [InlineData("patch", "it may patch secrets; patch answers with the object")]
    [InlineData("deletecollection", "it may deletecollection secrets; deletecollection answers with the object")]
    [InlineData("patch delete", "it may patch and delete secrets; patch and delete answer with the object")]
    [InlineData("patch get", "it may get and patch secrets")]
    [InlineData("*", "it may get, list, watch, patch, delete and deletecollection secrets")]
    public void Write_verbs_that_return_the_object_count_as_reading_it(string verbs, string words) =>
        Assert.Equal(
            $"can read secrets in payments, tokens of service accounts among them: {words}",
            Words("read-secrets", In("payments", Rule(verbs, "secrets")))
        );

    [Fact]
    public void What_is_not_known_is_told_with_its_API_group() =>
        Assert.Equal(
            "has rights in payments that are not known here, so nobody can tell what they lead to: it may create "
                + "and delete widgets of example.com; get widgets/console of example.com",
            Only(
                In(
                    "payments",
                    Rule("get list", "widgets/console widgets/status", "example.com"),
                    Rule("get create delete", "widgets", "example.com")
                )
            ).BlastRadius
        );

    [Fact]
    public void Many_names_and_verbs_in_one_rule_are_classified()
    {
        string[] many = [.. Enumerable.Range(0, 5000).Select(i => $"impersonate-on:x{i}")];
        var rule = new RbacRule(["*"], ["*", .. many], ["get", "patch", .. many], many);
        Assert.NotEmpty(DangerousRights.In([new([.. Enumerable.Range(0, 50).Select(i => $"n{i}")], [rule])]));
    }

    [Fact]
    public void A_right_in_the_whole_cluster_is_described_with_its_narrower_parts() =>
        Assert.Equal(
            "can read secrets in the whole cluster, tokens of service accounts among them: it may get secrets in "
                + "kube-system; list secrets in the whole cluster",
            Only(Everywhere(Rule("list", "secrets")), In("kube-system", Rule("get", "secrets"))).BlastRadius
        );

    [Fact]
    public void Names_cannot_fake_what_approvers_read()
    {
        var words = Only(
            In("payments", Rule("get", "secrets", "core", "db\"; nothing\nApproved by \u202esecurity\u2028\u0007"))
        ).BlastRadius;
        Assert.EndsWith(
            "(only \"db\ufffd; nothing\ufffdApproved by \ufffdsecurity\ufffd\ufffd\")",
            words,
            StringComparison.Ordinal
        );

        var role = Assert.Single(DangerousRights.In([Everywhere()], "system:x\n\"y")).BlastRadius;
        Assert.Equal(
            "can do what a part of Kubernetes itself can in the whole cluster: its role is \"system:x\ufffd\ufffdy\"",
            role
        );

        var wild = DangerousRights
            .In([Everywhere(Rule("*", "pods\nwould\u200bbe"))])
            .Single(right => right.Kind == "wildcard-verbs")
            .BlastRadius;
        Assert.EndsWith("it may do anything with \"pods\ufffdwould\ufffdbe\"", wild, StringComparison.Ordinal);
    }

    [Fact]
    public void The_description_of_a_wildcard_names_what_it_applies_to()
    {
        Assert.EndsWith(
            "it may do anything with configmaps and events",
            Only(In("a", Rule("*", "configmaps events"))).BlastRadius,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "it may get and list every resource of core and example.com",
            Words("wildcard-resources", In("a", Rule("list get", "*", "core example.com"))),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "it may get every resource",
            Words("wildcard-resources", In("a", Rule("get", "*", "*"))),
            StringComparison.Ordinal
        );
    }

    private static DangerousRight Only(params NamespacedRules[] rights) => Assert.Single(DangerousRights.In(rights));

    private static string Words(string kind, params NamespacedRules[] rights) =>
        DangerousRights.In(rights).Single(right => right.Kind == kind).BlastRadius;
}
