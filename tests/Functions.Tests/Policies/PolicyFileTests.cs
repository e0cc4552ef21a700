using System.Text;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Policies;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PolicyFileTests
{
    private const string Good = """
        administrators: [platform-admins]
        auditors: [auditors]
        policies:
          - name: payments-on-call
            groups: [payments-devs]
            users: [zoe@example.com]
            clusters: [demo, "stage-*"]
            namespaces: [payments, "payments-*"]
            roles: [ClusterRole/view, Role/debugger]
            maxDuration: 1h30m
            pendingWindow: 4h
            approval:
              groups: [payments-leads]
              required: 2
        """;

    [Fact]
    public void A_policy_file_is_read_whole()
    {
        var set = Parse(Good);

        Assert.Equal(["platform-admins"], set.Administrators);
        Assert.Equal(["auditors"], set.Auditors);
        var policy = Assert.Single(set.Policies);
        Assert.Equal("payments-on-call", policy.Name);
        Assert.Equal(["zoe@example.com"], policy.Users);
        Assert.Equal(["payments", "payments-*"], policy.Namespaces.Select(pattern => pattern.Text));
        Assert.Equal([new RoleRef(RoleKind.ClusterRole, "view"), new RoleRef(RoleKind.Role, "debugger")], policy.Roles);
        Assert.Equal(TimeSpan.FromMinutes(90), policy.MaxDuration);
        Assert.Equal(TimeSpan.FromHours(4), policy.PendingWindow);
        Assert.Equal((false, 2), (policy.Approval.Automatic, policy.Approval.Required));
        Assert.False(policy.ClusterWide);
    }

    [Fact]
    public void The_version_is_the_hash_of_the_content()
    {
        Assert.StartsWith("sha256:", Parse(Good).Version, StringComparison.Ordinal);
        Assert.Equal(Parse(Good).Version, Parse(Good).Version);
        Assert.NotEqual(Parse(Good).Version, Parse(Good + "\n# a comment").Version);
    }

    [Theory]
    [InlineData("    groups: [payments-devs]", "    grups: [payments-devs]", "policy.yaml:5:5: unknown field 'grups' in a policy")]
    [InlineData("maxDuration: 1h30m", "maxDuration: 90", "policy.yaml:10:18: 'maxDuration' must be a duration")]
    [InlineData("maxDuration: 1h30m", "maxDuration: 8000h", "policy.yaml:4:5: 'maxDuration' is at most 168h")]
    [InlineData("    maxDuration: 1h30m\n", "", "policy.yaml:4:5: say the longest duration")]
    [InlineData("Role/debugger", "ClusterRole/*", "policy.yaml:9:31: 'roles' must be Role/name or ClusterRole/name (no patterns)")]
    [InlineData("      required: 2", "      required: 0", "policy.yaml:14:17: 'required' must be a number from 1 to 20")]
    [InlineData("      groups: [payments-leads]\n", "", "policy.yaml:13:7: 'approval' has either 'groups' or 'automatic: true'")]
    [InlineData("      groups: [payments-leads]", "      groups: [payments-leads]\n      automatic: true", "policy.yaml:13:7: 'approval' has either")]
    [InlineData("      groups: [payments-leads]", "      groups: []", "policy.yaml:13:7: 'approval' has either")]
    [InlineData("      groups: [payments-leads]", "      automatic: true", "policy.yaml:14:17: 'required' makes no sense with 'automatic'")]
    [InlineData("    groups: [payments-devs]\n    users: [zoe@example.com]\n", "", "policy.yaml:4:5: say who may ask")]
    [InlineData("    namespaces: [payments, \"payments-*\"]\n", "", "policy.yaml:4:5: say for which 'namespaces'")]
    [InlineData("\"stage-*\"", "\"stage-?\"", "policy.yaml:7:22: 'clusters' must be a name, or a pattern with *")]
    [InlineData("users: [zoe@example.com]", "users: zoe@example.com", "policy.yaml:6:12: 'users' must be a list")]
    [InlineData("users: [zoe@example.com]", "users: [[zoe@example.com]]", "policy.yaml:6:13: 'users' must be a name")]
    [InlineData("  - name: payments-on-call", "  - name: &x payments-on-call\n  - name: *y", "not YAML")]
    [InlineData("administrators: [platform-admins]", "administrators: [platform-admins", "not YAML")]
    [InlineData("administrators: [platform-admins]", "administrators: [a]\nadministrators: [b]", "not YAML")]
    public void What_is_wrong_is_named_by_line_and_column(string good, string bad, string error)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var thrown = Assert.Throws<InvalidPolicyException>(() => Parse(Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains(thrown.Errors, line => line.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_policy_without_approval_is_not_one_that_needs_none()
    {
        var without = Good[..Good.IndexOf("    approval:", StringComparison.Ordinal)];
        var thrown = Assert.Throws<InvalidPolicyException>(() => Parse(without));
        Assert.Contains("say who approves", Assert.Single(thrown.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_may_cover_namespaces_and_cluster_wide_requests_alike()
    {
        var policy = Assert.Single(Parse(Good.Replace("    users:", "    clusterWide: true\n    users:", StringComparison.Ordinal)).Policies);
        Assert.True(policy.ClusterWide);
        Assert.Equal(2, policy.Namespaces.Count);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var bad = Good.Replace("1h30m", "soon", StringComparison.Ordinal).Replace("required: 2", "required: many", StringComparison.Ordinal);
        Assert.True(Assert.Throws<InvalidPolicyException>(() => Parse(bad)).Errors.Count >= 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("--- {}\n--- {}\n")]
    public void A_file_that_is_no_policy_file_is_refused(string text) => Assert.Throws<InvalidPolicyException>(() => Parse(text));

    [Fact]
    public void A_missing_file_is_said_by_name() =>
        Assert.Contains("no-such-file.yaml", Assert.Throws<InvalidPolicyException>(() => PolicyFile.Load("no-such-file.yaml")).Message, StringComparison.Ordinal);

    // Cutting a valid file short at any byte must never crash, nor grant anything that the whole file does not.
    [Fact]
    public void No_part_of_a_file_crashes_the_reader()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            try
            {
                Assert.All(Parse(Good[..length]).Policies, policy => Assert.False(policy.Approval.Automatic));
            }
            catch (InvalidPolicyException)
            {
            }
        }
    }

    private static Domain.Policies.PolicySet Parse(string text) => PolicyFile.Parse(Encoding.UTF8.GetBytes(text), "policy.yaml");
}
