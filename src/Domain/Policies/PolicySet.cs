using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// All policies in force, in the order of the files and within each file. A request that no policy covers is refused.
/// </summary>
/// <param name="Version">Content hash of the files, <c>sha256:…</c>.</param>
public sealed record PolicySet(
    string Version,
    IReadOnlyList<string> Administrators,
    IReadOnlyList<string> Auditors,
    LinkedAccounts Accounts,
    IReadOnlyList<Denial> Denials,
    IReadOnlyList<AccessPolicy> Policies
)
{
    public OpenRequestLimits OpenRequests { get; init; } = OpenRequestLimits.Default;

    /// <summary>False when no policy needs the labels of namespaces.</summary>
    public bool ReadsLabels => Policies.Any(policy => policy.Limits.NamespaceLabels.Count > 0);

    /// <summary>Returns the caller with the roles and the linked accounts that these policies define.</summary>
    public Caller WithRoles(Caller caller) =>
        caller with
        {
            IsAdministrator = caller.IsInAny(Administrators),
            IsAuditor = caller.IsInAny(Auditors),
            OtherAccounts = Accounts.OthersOf(caller.Principal.Username),
        };

    /// <summary>Returns those of the given clusters for which some policy applies to the caller.</summary>
    public IReadOnlyList<string> ClustersFor(Caller caller, IEnumerable<string> clusters)
    {
        List<AccessPolicy> theirs = [.. Policies.Where(policy => policy.Subjects.Include(caller))];
        return
        [
            .. clusters.Where(cluster =>
                theirs.Any(policy => policy.Limits.Clusters.Any(pattern => pattern.Allows(cluster)))
            ),
        ];
    }

    public PolicyEvaluation Evaluate(Caller caller, RequestDraft draft, ClusterFacts facts, DateTimeOffset now) =>
        new(
            [
                .. Policies
                    .Where(policy => policy.Subjects.Include(caller))
                    .Select(policy => new PolicyVerdict(policy, policy.Mismatches(draft, facts, now))),
            ],
            [
                .. Denials
                    .Select(denial => new DenialMatch(denial, denial.AppliesTo(caller, draft.Scope, facts)))
                    .Where(verdict => verdict.Applies != false),
            ]
        );

    /// <summary>
    /// Checks whether the requester may still have what this version of the policies allowed at the time of the
    /// request.
    /// </summary>
    /// <returns>The reason why not; null if they may.</returns>
    public PolicyMismatch? WhyNotEligible(Caller requester, string policyName, Scope scope, ClusterFacts facts)
    {
        if (
            Policies.FirstOrDefault(policy => policy.Name == policyName) is not { } policy
            || !policy.Subjects.Include(requester)
        )
            return new(
                "groups",
                $"{requester.Principal.Username} is no longer among those to whom policy {policyName} applies."
            );
        var matches = Denials
            .Select(denial => new DenialMatch(denial, denial.AppliesTo(requester, scope, facts)))
            .Where(match => match.Applies != false);
        if (matches.OrderBy(match => match.Applies is null).FirstOrDefault() is { } denied)
            return new(
                "denials",
                $"{denied.Denial.Because} ({denied.Denial.Name})",
                IsUnresolved: denied.Applies is null
            );
        return
            policy
                .Limits.Mismatches(scope, facts)
                .Concat(policy.RightsMismatches(scope, facts))
                .OrderBy(mismatch => mismatch.IsUnresolved)
                .FirstOrDefault()
                is { } mismatch
            ? mismatch with
            {
                Message = $"Policy {policyName} no longer covers it: {mismatch.Message.AsClause()}.",
            }
            : null;
    }
}
