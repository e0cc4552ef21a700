using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;

namespace JitFunctions.Domain.Tests.Samples;

/// <summary>One ordinary policy and a request within it; each test changes what it is about.</summary>
internal static class PolicySamples
{
    public static readonly RoleRef Edit = new(RoleKind.ClusterRole, "edit");

    public static readonly ApprovalRequirement OneLead = new(["payments-leads"], 1);
    public static readonly ApprovalRequirement OneOfSecurity = new(["security"], 1);

    public static readonly ScopeLimits Limits = new(
        [new("demo"), new("stage-*")],
        [new("payments"), new("payments-*")],
        new Dictionary<string, string>(),
        ClusterWide: false,
        [Edit],
        []
    );

    public static readonly TimeLimits Times = new(
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(4),
        TimeSpan.Zero,
        null
    );

    public static readonly AccessPolicy Payments = new(
        "payments",
        For("payments-devs"),
        Limits,
        Times,
        new ApprovalRule([OneLead], null)
    )
    {
        Source = new(
            "payments.yaml",
            3,
            new Dictionary<string, long>
            {
                ["clusters"] = 5,
                ["namespaces"] = 6,
                ["namespaceLabels"] = 7,
                ["roles"] = 8,
                ["maxDuration"] = 9,
                ["hours"] = 10,
                ["reason"] = 11,
                ["ticket"] = 12,
                ["dangerousRights"] = 13,
                ["breakGlass"] = 14,
                ["scheduledStart"] = 15,
                ["rules"] = 16,
            }
        ),
    };

    public static readonly RequestDraft Draft = new(
        new Scope("demo", ["payments"], ClusterWide: false, Edit),
        TimeSpan.FromMinutes(30),
        "why",
        null
    );

    /// <summary>The role allows what leads to no other rights.</summary>
    public static readonly ClusterFacts Harmless = Allowing(Rule("get update", "configmaps"));

    public static ClusterFacts Allowing(params RbacRule[] rules) => new(null, [new(["payments"], rules)], null);

    public static Subjects For(params string[] groups) => new(groups, [], [], []);

    public static PolicySet Set(params AccessPolicy[] policies) =>
        new("sha256:1", ["platform-admins"], ["auditors"], LinkedAccounts.None, [], policies);

    public static IReadOnlyDictionary<string, string> Labels(params string[] labels) =>
        labels.Select(label => label.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
