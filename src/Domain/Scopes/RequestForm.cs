using System.Text.RegularExpressions;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Scopes;

/// <summary>One validation error, with the name of the field in the API.</summary>
public sealed record FieldError(string Field, string Message);

/// <summary>Validates what every request must satisfy, whatever the policy says.</summary>
public static partial class RequestForm
{
    public static readonly TimeSpan ShortestDuration = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestDuration = TimeSpan.FromDays(7);
    public const int MostNamespaces = 50;
    public const int MostRules = 20;
    public const int LongestReason = 1000;
    public const int LongestTicket = 100;
    public const int LongestComment = 1000;

    private const int MostWords = 50;

    public static IReadOnlyList<FieldError> Check(RequestDraft draft) =>
        [.. ScopeErrors(draft.Scope), .. OtherErrors(draft)];

    private static IEnumerable<FieldError> ScopeErrors(Scope scope)
    {
        if (!IsDnsLabel(scope.Cluster))
            yield return new(
                "cluster",
                "must be a DNS label: lower-case letters, digits and '-', at most 63 characters."
            );

        if (scope.ClusterWide == (scope.Namespaces.Count > 0))
            yield return new("namespaces", "give either one or more namespaces or \"clusterWide\": true.");
        if (scope.Namespaces.Count > MostNamespaces)
            yield return new("namespaces", $"at most {MostNamespaces} in one request.");
        if (scope.Namespaces.Distinct().Count() != scope.Namespaces.Count)
            yield return new("namespaces", "names a namespace twice.");
        if (scope.Namespaces.Any(name => !IsDnsLabel(name)))
            yield return new(
                "namespaces",
                "each must be a DNS label: lower-case letters, digits and '-', at most 63 characters."
            );

        if ((scope.Role is null) == (scope.Rules is null))
            yield return new("role", "give either a role or rules.");
        if (scope.Role is { } role && !IsRoleName(role.Name))
            yield return new(
                "role.name",
                "must be the name of a role: at most 253 characters, no '/' or '%', no white space, not '.' or '..'."
            );
        if (scope is { ClusterWide: true, Role.Kind: RoleKind.Role })
            yield return new("role.kind", "a Role belongs to one namespace; ask for a ClusterRole, or for namespaces.");
        if (scope is { ClusterWide: true, Rules: not null })
            yield return new("rules", "apply in namespaces only; for the whole cluster, request a ClusterRole.");
        foreach (var error in scope.Rules is { } rules ? RuleErrors(rules) : [])
            yield return error;
    }

    private static IEnumerable<FieldError> OtherErrors(RequestDraft draft)
    {
        if (draft.Duration < ShortestDuration || draft.Duration > LongestDuration)
            yield return new(
                "duration",
                $"must be between {KubernetesDuration.Format(ShortestDuration)} and "
                    + $"{KubernetesDuration.Format(LongestDuration)}, such as 30m or 1h30m."
            );
        if (string.IsNullOrWhiteSpace(draft.Reason) || !IsPlainText(draft.Reason, LongestReason))
            yield return new(
                "reason",
                $"say why in 1 to {LongestReason} characters, without control and invisible characters."
            );
        if (
            draft.Ticket is { } ticket
            && (string.IsNullOrWhiteSpace(ticket) || ticket.Length > LongestTicket || !PlainText.IsLine(ticket))
        )
            yield return new(
                "ticket",
                $"one line of 1 to {LongestTicket} characters, without control and invisible characters; or "
                    + "leave it out."
            );
    }

    /// <summary>Checks whether these can be the rules of a Role that is created for one request.</summary>
    public static IEnumerable<FieldError> RuleErrors(IReadOnlyList<RbacRule> rules)
    {
        if (rules.Count is 0 or > MostRules)
            yield return new("rules", $"give 1 to {MostRules} rules.");
        foreach (var message in rules.Take(MostRules).SelectMany(WhyNothing))
            yield return new("rules", message);
        if (rules.Any(rule => rule.NonResourceUrls is [_, ..]))
            yield return new("rules", "must not contain non-resource URLs.");
        if (
            rules.Any(rule =>
                new[] { rule.ApiGroups, rule.Resources, rule.Verbs, rule.ResourceNames ?? [] }.Any(words =>
                    words.Count > MostWords
                )
            )
        )
            yield return new("rules", $"have at most {MostWords} words in each list.");
        if (
            rules
                .SelectMany(rule => rule.Resources.Concat(rule.Verbs))
                .Any(word => word.Length is 0 or > 253 || !word.All(IsRuleCharacter))
            || rules.SelectMany(rule => rule.ApiGroups).Any(word => word.Length > 253 || !word.All(IsRuleCharacter))
            || rules
                .SelectMany(rule => rule.ResourceNames ?? [])
                .Any(word => !IsRoleName(word) || word.Contains('*', StringComparison.Ordinal))
        )
        {
            yield return new(
                "rules",
                "contain an invalid API group, resource, verb or object name; resourceNames must not contain '*'."
            );
        }
    }

    // Kubernetes rejects such a rule, and every policy here would cover it.
    private static IEnumerable<string> WhyNothing(RbacRule rule, int index)
    {
        if (rule.ApiGroups is [])
            yield return $"rules[{index}].apiGroups is empty, so that the rule allows nothing: "
                + "name API groups, or leave it out for the core group.";
        if (rule.Resources is [])
            yield return $"rules[{index}].resources names none, so that the rule allows nothing: "
                + "name resources, such as pods.";
        if (rule.Verbs is [])
            yield return $"rules[{index}].verbs names none, so that the rule allows nothing: name verbs, such as get.";
    }

    /// <summary>True for text of one or more lines without hidden characters: see <see cref="PlainText"/>.</summary>
    public static bool IsPlainText(string text, int longest) => text.Length <= longest && PlainText.IsText(text);

    /// <summary>True for an RFC 1123 label, which Kubernetes requires for namespaces.</summary>
    public static bool IsDnsLabel(string? name) => name is not null && DnsLabel().IsMatch(name);

    // Kubernetes allows any role name that is a single segment of a URL path.
    private static bool IsRoleName(string? name) =>
        name is { Length: > 0 and <= 253 } and not "." and not ".."
        && PlainText.IsName(name)
        && !name.Any(c => c is '/' or '%' || char.IsWhiteSpace(c));

    private static bool IsRuleCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or '*' or ':';

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex DnsLabel();
}
