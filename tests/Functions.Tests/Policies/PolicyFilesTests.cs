using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PolicyFilesTests
{
    private static readonly PolicySet Set = PolicySample.Parse(PolicySample.Rich);
    private static readonly AccessPolicy OnCall = Set.Policies[0];

    [Fact]
    public void Administrators_auditors_accounts_and_policy_names_are_read()
    {
        Assert.Equal(["platform-admins"], Set.Administrators);
        Assert.Equal(["auditors"], Set.Auditors);
        Assert.Equal(["bob@example.com", "bob.admin@example.com"], Set.Accounts.OthersOf("Bob@partner.example"));
        Assert.Equal(["payments-on-call", "short-form", "open"], Set.Policies.Select(policy => policy.Name));
    }

    [Fact]
    public void Denials_are_read()
    {
        var (first, second) = (Set.Denials[0], Set.Denials[1]);
        Assert.Equal(["contractors"], first.Subjects.Groups);
        Assert.Equal(["trusted@partner.example"], first.Subjects.ExceptUsers);
        Assert.False(first.Subjects.All);
        Assert.Equal([new NamePattern("prod-*")], first.Clusters);
        Assert.Equal([new NamePattern("payments*")], first.Namespaces);
        Assert.Equal([new RoleRef(RoleKind.ClusterRole, "admin")], first.Roles);
        Assert.Equal(["impersonate"], first.Dangers);
        Assert.Equal("Contractors get no rights in production.", first.Because);
        Assert.Equal("policy.yaml:7", first.Source.ToString());

        Assert.True(second.Subjects.All);
        Assert.Empty(second.Clusters);
    }

    [Fact]
    public void A_denial_for_everyone_still_excepts_whom_it_excepts()
    {
        var denial = Assert.Single(
            PolicySample.Parse("denials: [{ name: all, exceptGroups: [sre], because: Freeze. }]").Denials
        );
        Assert.True(denial.Subjects.All);
        Assert.Equal(["sre"], denial.Subjects.ExceptGroups);
    }

    [Fact]
    public void Who_may_ask_for_what_is_read()
    {
        Assert.Equal(["payments-devs"], OnCall.Subjects.Groups);
        Assert.Equal(["zoe@example.com"], OnCall.Subjects.Users);
        Assert.Equal(["interns"], OnCall.Subjects.ExceptGroups);
        Assert.Equal(["mallory@example.com"], OnCall.Subjects.ExceptUsers);
        Assert.False(OnCall.Subjects.All);
        Assert.Equal(["prod-eu", "stage-*"], OnCall.Limits.Clusters.Select(pattern => pattern.Text));
        Assert.Equal(["payments", "payments-*"], OnCall.Limits.Namespaces.Select(pattern => pattern.Text));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["team"] = "payments",
                ["example.com/tier"] = "1",
                ["legacy"] = "",
            },
            OnCall.Limits.NamespaceLabels
        );
        Assert.False(OnCall.Limits.ClusterWide);
        Assert.True(Set.Policies[1].Limits.ClusterWide);
        Assert.Equal(
            [new RoleRef(RoleKind.ClusterRole, "edit"), new RoleRef(RoleKind.Role, "debugger")],
            OnCall.Limits.Roles
        );

        var (first, second) = (OnCall.Limits.Rules[0], OnCall.Limits.Rules[1]);
        Assert.Equal(["pods", "pods/log"], first.Resources);
        Assert.Equal(["get", "delete"], first.Verbs);
        Assert.Equal(["consumer-*"], first.ResourceNames);
        Assert.Equal([""], second.ApiGroups);
        Assert.Null(second.ResourceNames);
    }

    [Fact]
    public void Times_are_read()
    {
        var times = OnCall.Times;
        Assert.Equal(TimeSpan.FromMinutes(90), times.MaxDuration);
        Assert.Equal(TimeSpan.FromMinutes(30), times.DefaultDuration);
        Assert.Equal(TimeSpan.FromHours(4), times.PendingWindow);
        Assert.Equal(TimeSpan.FromDays(7), times.ScheduleAhead);
        Assert.Equal("Europe/Berlin", times.Hours!.TimeZone);
        Assert.Equal(
            [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
            times.Hours.Windows[0].Days
        );
        Assert.Equal(
            (new TimeOnly(8, 0), new TimeOnly(18, 0)),
            (times.Hours.Windows[0].From, times.Hours.Windows[0].To)
        );
        Assert.Equal(
            (new TimeOnly(22, 0), TimeOnly.MinValue),
            (times.Hours.Windows[1].From, times.Hours.Windows[1].To)
        );
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var policy = Set.Policies[2];
        Assert.Equal(policy.Times.MaxDuration, policy.Times.DefaultDuration);
        Assert.Equal(TimeSpan.FromHours(24), policy.Times.PendingWindow);
        Assert.Equal(TimeSpan.Zero, policy.Times.ScheduleAhead);
        Assert.Null(policy.Times.Hours);
        Assert.Null(policy.Reason);
        Assert.Null(policy.Ticket);
        Assert.Null(policy.Dangers);
        Assert.Null(policy.BreakGlass);
        Assert.Null(Set.Policies[1].Extension);
        Assert.Equal([""], policy.Limits.Rules[0].ApiGroups);
        Assert.True(PolicySample.Parse(PolicySample.With(", review: true", "")).Policies[0].Extension!.Reviewed);
    }

    [Fact]
    public void A_window_to_midnight_is_open_until_then()
    {
        // Saturday, 21 November 2026, 23:59 in Berlin.
        Assert.Equal(
            new DateTimeOffset(2026, 11, 21, 23, 0, 0, TimeSpan.Zero),
            OnCall.Times.Hours!.OpenUntil(new(2026, 11, 21, 22, 59, 0, TimeSpan.Zero))
        );
    }

    [Fact]
    public void Approval_and_its_condition_are_read()
    {
        Assert.Equal(
            ["2 of payments-leads or payments-managers", "1 of security"],
            OnCall.Approval.Requirements.Select(requirement => requirement.ToString())
        );
        var condition = OnCall.Approval.Automatic!;
        Assert.Equal(TimeSpan.FromMinutes(15), condition.MaxDuration);
        Assert.Equal(@"CHG-\d+", condition.Ticket!.Text);
        Assert.Equal("UTC", condition.Hours!.TimeZone);
        Assert.True(condition.HarmlessOnly);

        Assert.Equal(
            ["2 of payments-leads"],
            Set.Policies[1].Approval.Requirements.Select(requirement => requirement.ToString())
        );
        Assert.Null(Set.Policies[1].Approval.Automatic);
        Assert.Empty(Set.Policies[2].Approval.Requirements);
        Assert.Equal(AutomaticCondition.Always, Set.Policies[2].Approval.Automatic);
    }

    [Fact]
    public void Further_rules_are_read()
    {
        Assert.Equal(@"INC-\d+ .*", OnCall.Reason!.Text);
        Assert.Equal(@"(INC|CHG)-\d+", OnCall.Ticket!.Text);
        Assert.Equal(["read-secrets", "enter-pods"], OnCall.Dangers!.Allowed);
        Assert.Equal(["1 of security-leads"], OnCall.Dangers.Approvals.Select(requirement => requirement.ToString()));
        Assert.Same(DangerRule.Refuse, Set.Policies[1].Dangers);
        Assert.Equal(
            new ExtensionRule(TimeSpan.FromMinutes(30), TimeSpan.FromHours(4), Reviewed: true),
            OnCall.Extension
        );
        Assert.False(Set.Policies[2].Extension!.Reviewed);
        Assert.Equal(new BreakGlassRule(TimeSpan.FromMinutes(30), TimeSpan.FromHours(24)), OnCall.BreakGlass);
        Assert.Equal(Enforcement.Identity, OnCall.Enforcement);
    }

    [Fact]
    public void Each_policy_knows_where_it_and_its_fields_stand()
    {
        var lines = PolicySample.Rich.Split('\n');
        foreach (var policy in Set.Policies)
        {
            Assert.Contains($"- name: {policy.Name}", lines[policy.Source.Line - 1], StringComparison.Ordinal);
            Assert.Each(
                policy.Source.FieldLines,
                field => Assert.Contains($"{field.Key}:", lines[field.Value - 1], StringComparison.Ordinal)
            );
        }

        Assert.Equal(24, OnCall.Source.FieldLines.Count);
        Assert.Equal("policy.yaml:36", OnCall.Source.Of("maxDuration"));
        Assert.Equal("policy.yaml:19", OnCall.Source.Of("notThere"));
    }

    [Fact]
    public void A_policy_may_cover_namespaces_and_cluster_wide_requests_alike()
    {
        var policy = PolicySample.Parse(PolicySample.With("clusterWide: false", "clusterWide: true")).Policies[0];
        Assert.True(policy.Limits.ClusterWide);
        Assert.Equal(2, policy.Limits.Namespaces.Count);
    }

    [Theory]
    [InlineData("overlap: refuse", Overlap.Refuse)]
    [InlineData("overlap: merge", Overlap.Merge)]
    [InlineData("overlap: allow", Overlap.Allow)]
    [InlineData("# nothing is said", Overlap.Refuse)]
    public void A_policy_says_what_follows_when_a_second_grant_would_overlap(string line, Overlap expected) =>
        Assert.Equal(expected, PolicySample.Parse(PolicySample.With("overlap: refuse", line)).Policies[0].Overlap);

    [Theory]
    [InlineData("roleGrowth: end", RoleGrowthResponse.End)]
    [InlineData("roleGrowth: report", RoleGrowthResponse.Report)]
    [InlineData("# nothing is said", RoleGrowthResponse.End)]
    public void A_policy_says_what_follows_when_a_granted_role_grows(string line, RoleGrowthResponse expected) =>
        Assert.Equal(expected, PolicySample.Parse(PolicySample.With("roleGrowth: end", line)).Policies[0].RoleGrowth);

    [Fact]
    public void A_policy_may_have_service_accounts_made_for_its_grants() =>
        Assert.Equal(
            Enforcement.Ephemeral,
            PolicySample
                .Parse(PolicySample.With("enforcement: identity", "enforcement: ephemeral"))
                .Policies[0]
                .Enforcement
        );

    [Theory]
    [InlineData("namespaces: [payments, \"payments-*\"]", "namespaces: [team]")]
    [InlineData("maxDuration: 1h30m", "maxDuration: 2h")]
    [InlineData("users: [zoe@example.com]", "users: ['system-zoe']")]
    [InlineData("groups: [payments-devs]", "groups: [Domain Users, 0c1f…, \"1\", Zahlungsverkehr Süd]")]
    [InlineData("clusterWide: false", "clusterWide: False")]
    [InlineData("roles: [ClusterRole/edit, Role/debugger]", "roles: [\"ClusterRole/system:discovery\"]")]
    [InlineData("apiGroups: [\"\"]", "apiGroups: [apps, \"*\"]")]
    [InlineData("verbs: [\"*\"]", "verbs: [\"*\", \"impersonate:user-info\"]")]
    [InlineData("resources: [configmaps]", "resources: [\"*/scale\", \"*\", virtualmachines/vnc]")]
    [InlineData("from: \"08:00\", to: \"18:00\"", "from: 18:00, to: 08:00")]
    [InlineData("timeZone: Europe/Berlin", "timeZone: America/Argentina/Buenos_Aires")]
    [InlineData("    enforcement: identity", "    # enforcement: \U0001F600 identity")]
    public void What_else_is_valid_is_read(string good, string other) =>
        PolicySample.Parse(PolicySample.With(good, other));

    [Theory]
    [InlineData("policies: []")]
    [InlineData("{}")]
    [InlineData("administrators: []")]
    public void A_file_may_say_that_there_is_nothing(string text) => Assert.Empty(PolicySample.Parse(text).Policies);

    [Fact]
    public void Line_ends_of_windows_change_nothing_but_the_version()
    {
        var windows = PolicySample.Parse(PolicySample.Rich.ReplaceLineEndings("\r\n"));
        Assert.Equal(
            Set.Policies.Select(policy => policy.Source.ToString()),
            windows.Policies.Select(policy => policy.Source.ToString())
        );
        Assert.NotEqual(Set.Version, windows.Version);
    }

    [Fact]
    public void Several_files_make_one_set_in_the_order_of_their_names()
    {
        var set = PolicyFiles.Parse([
            new("b.yaml", Policy("second", "administrators: [a, b]\npeople: [[x, y]]")),
            new("a.yaml", Policy("first", "administrators: [a, c]\nauditors: [d]\npeople: [[v, w]]")),
            new("B.yaml", Policy("zeroth", "auditors: [d]")),
        ]);

        Assert.Equal(["zeroth", "first", "second"], set.Policies.Select(policy => policy.Name));
        Assert.Equal(["B.yaml:4", "a.yaml:6", "b.yaml:5"], set.Policies.Select(policy => policy.Source.ToString()));
        Assert.Equal(["a", "c", "b"], set.Administrators);
        Assert.Equal(["d"], set.Auditors);
        Assert.Equal(2, set.Accounts.People.Count);
    }

    [Fact]
    public void How_many_requests_may_be_open_is_said_once_or_is_little()
    {
        Assert.Equal(new(30, 3000), Set.OpenRequests);
        Assert.Equal(new(20, 5000), PolicySample.Parse("policies: []").OpenRequests);
        Assert.Equal(new(7, 5000), PolicySample.Parse("policies: []", "openRequests: { perPerson: 7 }").OpenRequests);
        Assert.Equal(new(20, 7), PolicySample.Parse("openRequests: { total: 7 }").OpenRequests);
        var error = Assert.Single(
            PolicySample.ErrorsOf("openRequests: { total: 7 }", "openRequests: { perPerson: 7 }")
        );
        Assert.Contains("'openRequests' stands in another file already", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rights_by_the_rules_of_a_policy_are_never_full_control() =>
        Assert.Each(Set.Policies, policy => Assert.False(DangerousRights.IsFullControl(policy.Limits.Rules)));

    private static string Policy(string name, string before) =>
        $$"""
            # A comment.
            {{before}}
            policies:
              - name: {{name}}
                groups: [devs]
                clusters: [demo]
                namespaces: [payments]
                roles: [ClusterRole/view]
                maxDuration: 1h
                approval: { groups: [leads] }
            """;
}
