using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Scopes;

/// <summary>
/// The parts that an approver removes from a request before approving it. Null members stay unchanged.
/// </summary>
/// <param name="Rules">Fewer or narrower rules; only for a request with ad-hoc rules.</param>
public sealed record ScopeNarrowing(
    TimeSpan? Duration,
    IReadOnlyList<string>? Namespaces,
    IReadOnlyList<RbacRule>? Rules
)
{
    /// <summary>Returns the narrower terms, or a message about what is not narrower.</summary>
    public (RequestTerms? Narrower, string? Widens) Apply(RequestTerms terms)
    {
        var scope = terms.Scope;
        if (Duration > terms.Duration)
            return (null, $"The duration may only be shorter than {KubernetesDuration.Format(terms.Duration)}.");
        if (Duration < RequestForm.ShortestDuration)
            return (null, $"The duration is at least {KubernetesDuration.Format(RequestForm.ShortestDuration)}.");
        if (
            Namespaces is []
            || Namespaces?.Except(scope.Namespaces).Any() == true
            || Namespaces?.Distinct().Count() != Namespaces?.Count
        )
            return (
                null,
                "The namespaces may only be some of "
                    + (
                        scope.ClusterWide
                            ? "none: the request is cluster-wide."
                            : $"{string.Join(", ", scope.Namespaces)}."
                    )
            );
        if (Rules is not null && scope.Rules is null)
            return (
                null,
                "Only a request with rules of its own can be given narrower rules; deny it and suggest another role."
            );
        if (Rules is not null && (Rules is [] || RuleCoverage.Uncovered(scope.Rules!, Rules).Any()))
            return (
                null,
                "The rules may only be part of what is asked: not "
                    + $"{string.Join(", ", RuleCoverage.Uncovered(scope.Rules!, Rules))}."
            );
        return (
            terms with
            {
                Duration = Duration ?? terms.Duration,
                Scope = scope with
                {
                    Namespaces = Namespaces ?? scope.Namespaces,
                    Rules = IsLess(scope.Rules) ? Rules : scope.Rules,
                },
            },
            null
        );
    }

    // Equivalent rules in another form are not narrower. Otherwise somebody could return to a scope that others
    // approved earlier.
    private bool IsLess(IReadOnlyList<RbacRule>? rules) =>
        Rules is not null && rules is not null && RuleCoverage.Uncovered(Rules, rules).Any();

    /// <summary>Returns the rights that remain in the narrower scope.</summary>
    public static IReadOnlyList<NamespacedRules> Left(IReadOnlyList<NamespacedRules> rights, Scope narrower) =>
        narrower.AdHocRights()
        ??
        [
            .. rights
                .Select(placed =>
                    placed.ClusterWide
                        ? placed
                        : placed with
                        {
                            Namespaces = [.. placed.Namespaces.Intersect(narrower.Namespaces)],
                        }
                )
                .Where(placed => placed.ClusterWide == narrower.ClusterWide),
        ];
}
