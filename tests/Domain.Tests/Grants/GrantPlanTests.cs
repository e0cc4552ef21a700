using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Tests.Grants;

/// <summary>What a grant should have in its cluster, and what is done about what is there.</summary>
public sealed class GrantPlanTests
{
    private const string Id = "3f9k2m7xq0ab";
    private const string Name = $"jit-{Id}";
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Noon.AddHours(1);
    private static readonly RbacRule Pods = new([""], ["pods"], ["get"], ["consumer-1"]);

    private static readonly Grant Edit = new(
        Id,
        "7h2k9m3xq0ab",
        new Scope("demo", ["payments"], false, new(RoleKind.ClusterRole, "edit")),
        "oidc:alice",
        ServiceAccount: null,
        End,
        EarlierExpiries: []
    );

    private static readonly Grant AdHoc = Edit with { Scope = Edit.Scope with { Role = null, Rules = [Pods] } };

    private static readonly Grant Ephemeral = Edit with { ServiceAccount = new("jit-access", Name) };

    private static readonly Grant Extended = Edit with { EarlierExpiries = [Noon.AddMinutes(30)] };

    [Fact]
    public void A_role_of_the_cluster_takes_one_binding_in_each_namespace()
    {
        var grant = Edit with { Scope = Edit.Scope with { Namespaces = ["payments", "billing"] } };
        Assert.Equal(
            [
                "RoleBinding payments ClusterRole/edit for User/oidc:alice",
                "RoleBinding billing ClusterRole/edit for User/oidc:alice",
            ],
            Described(grant)
        );
    }

    [Fact]
    public void A_grant_for_the_whole_cluster_takes_one_binding() =>
        Assert.Equal(
            ["ClusterRoleBinding  ClusterRole/edit for User/oidc:alice"],
            Described(Edit with { Scope = Edit.Scope with { Namespaces = [], ClusterWide = true } })
        );

    [Fact]
    public void Rules_are_applied_as_a_role_before_the_binding_to_it() =>
        Assert.Equal(
            ["Role payments get pods (consumer-1)", $"RoleBinding payments Role/{Name} for User/oidc:alice"],
            Described(AdHoc)
        );

    [Fact]
    public void An_ephemeral_grant_is_its_service_account_s_and_never_the_requester_s() =>
        Assert.Equal(
            [
                "Secret jit-access the Secret",
                "ServiceAccount jit-access the ServiceAccount",
                $"RoleBinding payments ClusterRole/edit for ServiceAccount/jit-access/{Name}",
            ],
            Described(Ephemeral)
        );

    // What is there · what is done · with these words, where there are any.
    public static TheoryData<string, string, string> Table =>
        new()
        {
            { "as desired", "Keep", "" },
            { "nothing", "Report Missing", "somebody deleted it" },
            {
                "as desired, recorded as lost",
                "Report Returned",
                "it is there again: ClusterRole/edit for User/oidc:alice"
            },
            { "nothing, after the end", "Keep", "" },
            { "as desired, after the end", "Remove", "" },
            { "another role, after the end", "Remove", "" },
            { "another role", "Restore", "it gives ClusterRole/admin for User/oidc:alice" },
            { "a role of the namespace", "Restore", "it gives Role/edit for User/oidc:alice" },
            { "another subject", "Restore", "it gives ClusterRole/edit for User/mallory" },
            { "one subject more", "Restore", "it gives ClusterRole/edit for User/oidc:alice, User/mallory" },
            { "a group of the same name", "Restore", "it gives ClusterRole/edit for Group/oidc:alice" },
            { "no subject", "Restore", "it gives ClusterRole/edit for " },
            { "another request's label", "Restore", "its labels were changed" },
            { "another installation's label", "Restore", "its labels were changed" },
            { "no labels", "Restore", "its labels were changed" },
            { "a later end", "Restore", "its expiry was changed" },
            { "no end", "Restore", "its expiry was changed" },
            { "an end of before the extension that was never one", "Restore", "its expiry was changed" },
            {
                "another role and no labels",
                "Restore",
                "it gives ClusterRole/admin for User/oidc:alice; its labels were changed"
            },
            { "another role, recorded as lost", "Restore", "it gives ClusterRole/admin for User/oidc:alice" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_binding_leads_to_one_step(string there, string step, string words)
    {
        var isLost = there.EndsWith(", recorded as lost", StringComparison.Ordinal);
        var isOver = there.EndsWith(", after the end", StringComparison.Ordinal);
        var what = there.Split(", ")[0];
        var planned = GrantPlan.For(
            Edit,
            Edit.Desired().Single(),
            Observed(what),
            isLost,
            isOver ? End : End.AddTicks(-1)
        );
        Assert.Equal((step, words), Told(planned));
    }

    [Fact]
    public void The_end_of_before_an_extension_is_only_late_and_any_other_is_not()
    {
        Assert.Equal(("Renew", ""), Told(Plan(Extended, Noon.AddMinutes(30))));
        Assert.Equal(("Keep", ""), Told(Plan(Extended, End)));
        Assert.Equal("Restore", Told(Plan(Extended, Noon.AddMinutes(45))).Step);
        Assert.Equal("Restore", Told(Plan(Extended, End.AddSeconds(2))).Step);

        static GrantStep Plan(Grant grant, DateTimeOffset written) =>
            GrantPlan.For(grant, grant.Desired().Single(), There() with { ExpiresAt = written }, false, Noon);
    }

    [Fact]
    public void An_object_says_its_end_in_whole_seconds()
    {
        var grant = Edit with { ExpiresAt = End.AddMilliseconds(999) };
        Assert.Equal(("Keep", ""), Told(GrantPlan.For(grant, grant.Desired().Single(), There(), false, Noon)));
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    [InlineData(-999, true)]
    [InlineData(-1000, false)]
    public void An_end_that_is_off_by_a_whole_second_is_another_end(int milliseconds, bool same) =>
        Assert.Equal(same, Edit.EndsAt(End.AddMilliseconds(milliseconds)));

    [Fact]
    public void A_binding_names_its_subject_as_the_API_server_expects_it()
    {
        Assert.Equal(new("rbac.authorization.k8s.io", "User", null, "oidc:alice"), Edit.Subject);
        Assert.Equal(new("", "ServiceAccount", "jit-access", Name), Ephemeral.Subject);
    }

    [Fact]
    public void A_grant_of_before_the_label_of_the_installation_goes_by_the_other_labels()
    {
        var grant = Edit with { Installation = null };
        foreach (var installation in new[] { null, "9z8y7x6w5v4t" })
        {
            var there = There() with { Labels = Edit.Labels with { Installation = installation } };
            Assert.Equal(("Keep", ""), Told(GrantPlan.For(grant, grant.Desired().Single(), there, false, Noon)));
        }
    }

    [Theory]
    [InlineData("list", "it allows list pods (consumer-1)")]
    [InlineData("get", null)]
    public void A_role_is_compared_by_its_rules(string verb, string? difference)
    {
        var role = AdHoc.Desired()[0];
        var there = There(AdHoc, role) with { Content = new ObjectContent.Role([Pods with { Verbs = [verb] }]) };
        Assert.Equal(
            difference is null ? ("Keep", "") : ("Restore", difference),
            Told(GrantPlan.For(AdHoc, role, there, false, Noon))
        );
    }

    [Fact]
    public void The_rules_of_a_changed_role_are_all_named()
    {
        var role = AdHoc.Desired()[0];
        var there = There(AdHoc, role) with
        {
            Content = new ObjectContent.Role([Pods, new([""], ["secrets"], ["get"])]),
        };
        Assert.Equal(
            ("Restore", "it allows get pods (consumer-1); get secrets"),
            Told(GrantPlan.For(AdHoc, role, there, false, Noon))
        );
    }

    [Fact]
    public void A_secret_that_holds_data_is_restored()
    {
        var secret = Ephemeral.Desired()[0];
        var there = There(Ephemeral, secret) with
        {
            Content = new ObjectContent.Credential(GrantObjectKind.Secret, "it holds data"),
        };
        Assert.Equal(("Restore", "it holds data"), Told(GrantPlan.For(Ephemeral, secret, there, false, Noon)));
    }

    [Theory]
    [InlineData("as desired", null)]
    [InlineData("another subject", "it gives ClusterRole/edit for User/mallory")]
    [InlineData("another role and no labels", "it gives ClusterRole/admin for User/oidc:alice")]
    [InlineData("no labels", "it lacks the labels of the grant")]
    [InlineData("a later end", "its annotation jit-access/expires-at is not the end of the grant")]
    public void The_answer_to_an_apply_must_be_what_was_applied(string answer, string? difference) =>
        Assert.Equal(difference, GrantPlan.DifferenceAfterApply(Edit, Edit.Desired().Single(), Observed(answer)!));

    [Fact]
    public void After_an_apply_the_end_of_before_an_extension_is_a_difference_too() =>
        Assert.NotNull(
            GrantPlan.DifferenceAfterApply(
                Extended,
                Extended.Desired().Single(),
                There() with
                {
                    ExpiresAt = Noon.AddMinutes(30),
                }
            )
        );

    private static ObservedObject? Observed(string what)
    {
        var there = There();
        return what switch
        {
            "nothing" => null,
            "as desired" => there,
            "another role" => there with { Content = Gives("ClusterRole", "admin", RbacSubject.User("oidc:alice")) },
            "another role and no labels" => there with
            {
                Content = Gives("ClusterRole", "admin", RbacSubject.User("oidc:alice")),
                Labels = new(null, null, null),
            },
            "a role of the namespace" => there with { Content = Gives("Role", "edit", RbacSubject.User("oidc:alice")) },
            "another subject" => there with { Content = Gives("ClusterRole", "edit", RbacSubject.User("mallory")) },
            "one subject more" => there with
            {
                Content = Gives("ClusterRole", "edit", RbacSubject.User("oidc:alice"), RbacSubject.User("mallory")),
            },
            "a group of the same name" => there with
            {
                Content = Gives("ClusterRole", "edit", RbacSubject.User("oidc:alice") with { Kind = "Group" }),
            },
            "no subject" => there with { Content = Gives("ClusterRole", "edit") },
            "another request's label" => there with { Labels = Edit.Labels with { RequestId = "9z8y7x6w5v4t" } },
            "another installation's label" => there with
            {
                Labels = Edit.Labels with { Installation = "9z8y7x6w5v4t" },
            },
            "no labels" => there with { Labels = new(null, null, null) },
            "a later end" => there with { ExpiresAt = End.AddHours(1) },
            "no end" => there with { ExpiresAt = null },
            "an end of before the extension that was never one" => there with { ExpiresAt = Noon.AddMinutes(30) },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No such row."),
        };
    }

    private static ObjectContent.Binding Gives(string kind, string name, params RbacSubject[] subjects) =>
        new(kind, name, subjects);

    private static ObservedObject There() => There(Edit, Edit.Desired().Single());

    private static ObservedObject There(Grant grant, DesiredObject desired) =>
        new(desired.Ref, "uid", "1", grant.Labels, End, desired.Content);

    private static (string Step, string Words) Told(GrantStep step) =>
        step switch
        {
            GrantStep.Report report => ($"Report {report.Kind}", report.Detail),
            GrantStep.Restore restore => ("Restore", restore.Difference),
            _ => (step.GetType().Name, ""),
        };

    private static IEnumerable<string> Described(Grant grant)
    {
        var desired = grant.Desired();
        Assert.Each(desired, one => Assert.Equal(Name, one.Ref.Name));
        return desired.Select(one => $"{one.Ref.Kind} {one.Ref.Namespace} {one.Content.Describe()}");
    }
}
