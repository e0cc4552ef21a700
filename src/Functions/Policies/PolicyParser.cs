using System.Globalization;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.Functions.Policies;

/// <summary>From YAML nodes to policies, with the rules that make a policy safe.</summary>
internal static class PolicyParser
{
    private static readonly TimeSpan DefaultPendingWindow = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestPendingWindow = TimeSpan.FromDays(30);

    public static PolicySet Parse(YamlNode root, string version, PolicyErrors errors)
    {
        var fields = new YamlFields(root, "the file", ["administrators", "auditors", "policies"], errors);
        var policies = fields.Items("policies").Select(item => Policy(item, errors)).ToList();

        foreach (var twice in policies.GroupBy(policy => policy.Name).Where(group => group.Count() > 1))
            errors.Add(fields.Node("policies")!.Start, $"two policies are called '{twice.Key}'.");

        return new(version, fields.Names("administrators"), fields.Names("auditors"), policies);
    }

    private static AccessPolicy Policy(YamlNode node, PolicyErrors errors)
    {
        var fields = new YamlFields(node, "a policy",
            ["name", "groups", "users", "clusters", "namespaces", "clusterWide", "roles", "maxDuration", "pendingWindow", "approval"], errors);

        var policy = new AccessPolicy(
            fields.Value("name", text => text, "a name") ?? string.Empty,
            fields.Names("groups"),
            fields.Names("users"),
            fields.List("clusters", Pattern, "a name, or a pattern with *"),
            fields.List("namespaces", Pattern, "a name, or a pattern with *"),
            fields.Flag("clusterWide"),
            fields.List("roles", Role, "Role/name or ClusterRole/name (no patterns)"),
            Duration(fields, "maxDuration") ?? TimeSpan.Zero,
            Duration(fields, "pendingWindow") ?? DefaultPendingWindow,
            Approval(fields, errors));

        Check(policy.Name != string.Empty, "a policy needs a name.");
        Check(policy is not { Groups: [], Users: [] }, "say who may ask: 'groups', 'users' or both.");
        Check(policy.Clusters is [_, ..], "say for which 'clusters'.");
        Check(policy.ClusterWide || policy.Namespaces is [_, ..], "say for which 'namespaces', or 'clusterWide: true'.");
        Check(policy.Roles is [_, ..], "say for which 'roles'.");
        Check(policy.MaxDuration > TimeSpan.Zero, "say the longest duration: 'maxDuration'.");
        Check(policy.MaxDuration <= RequestForm.LongestDuration, $"'maxDuration' is at most {KubernetesDuration.Format(RequestForm.LongestDuration)}.");
        Check(policy.PendingWindow > TimeSpan.Zero && policy.PendingWindow <= LongestPendingWindow,
            $"'pendingWindow' is between 1s and {KubernetesDuration.Format(LongestPendingWindow)}.");
        return policy;

        void Check(bool holds, string otherwise)
        {
            if (!holds)
                errors.Add(fields.At, otherwise);
        }
    }

    // Nobody to ask is never the same as nobody needs to be asked: a policy says which of the two it means.
    private static ApprovalRule Approval(YamlFields policy, PolicyErrors errors)
    {
        if (policy.Node("approval") is not { } node)
        {
            errors.Add(policy.At, "say who approves: 'approval' with 'groups', or with 'automatic: true'.");
            return new(false, [], 1);
        }

        var fields = new YamlFields(node, "'approval'", ["automatic", "groups", "required"], errors);
        var rule = new ApprovalRule(fields.Flag("automatic"), fields.Names("groups"), Required(fields));
        if (rule.Automatic == rule.Groups is [_, ..])
            errors.Add(fields.At, "'approval' has either 'groups' or 'automatic: true'.");
        if (rule.Automatic && fields.Node("required") is { } required)
            errors.Add(required.Start, "'required' makes no sense with 'automatic'.");
        return rule;
    }

    private static int Required(YamlFields approval) =>
        int.Parse(approval.Value("required", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 20 ? text : null,
            "a number from 1 to 20") ?? "1", CultureInfo.InvariantCulture);

    private static TimeSpan? Duration(YamlFields fields, string name) =>
        fields.Value(name, text => KubernetesDuration.TryParse(text) is null ? null : text, "a duration such as 30m or 1h30m") is { } text
            ? KubernetesDuration.TryParse(text)
            : null;

    private static NamePattern? Pattern(string text) =>
        text.All(c => c is '*' or '-' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) ? new(text) : null;

    private static RoleRef? Role(string text) => text.Split('/', 2) switch
    {
        ["Role", var name] when IsName(name) => new(RoleKind.Role, name),
        ["ClusterRole", var name] when IsName(name) => new(RoleKind.ClusterRole, name),
        _ => null,
    };

    private static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAny('*', '/', ' ');
}
