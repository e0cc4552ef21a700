using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Policies;

/// <summary>What of a request one policy does not cover.</summary>
public sealed record PolicyVerdict(AccessPolicy Policy, IReadOnlyList<PolicyMismatch> Mismatches)
{
    /// <summary>True when nothing speaks against the policy, though something may not be resolved yet.</summary>
    public bool MayCover => Mismatches.All(mismatch => mismatch.IsUnresolved);

    public override string ToString() =>
        $"{Policy.Name} "
        + $"({string.Join(", ", Mismatches.Select(mismatch => $"{mismatch.Message} [{Policy.Source.Of(mismatch.Field)}]"))})";
}

/// <param name="Applies">Null when it cannot be told.</param>
public sealed record DenialMatch(Denial Denial, bool? Applies);

/// <summary>What the policies say of one request, and why.</summary>
/// <param name="Verdicts">Of the policies that are about the requester, in order: the first that may cover the request
/// decides.</param>
public sealed record PolicyEvaluation(IReadOnlyList<PolicyVerdict> Verdicts, IReadOnlyList<DenialMatch> Denials)
{
    private const int MostExplained = 10;

    // The fields by which a policy is about something else, rather than says no to this.
    private static readonly string[] Elsewhere =
    [
        "clusters",
        "namespaces",
        "namespaceLabels",
        "clusterWide",
        "roles",
        "rules",
    ];

    /// <summary>The policy that covers all of the request, when nothing refuses it.</summary>
    public AccessPolicy? Covering => Refusal is null ? Candidate!.Policy : null;

    /// <summary>Why the request is refused. What cannot be resolved refuses it too.</summary>
    public Rejection? Refusal =>
        Denials.FirstOrDefault(verdict => verdict.Applies == true) is { Denial: var denial }
            ? Rejection.DeniedByPolicy(denial.Name, denial.Source.ToString(), denial.Because)
        : Candidate is null ? Rejection.NotCovered(Explanation)
        : Unresolved is [_, ..] unresolved ? Rejection.Indeterminate(string.Join("; ", unresolved))
        : null;

    /// <summary>True when asking the cluster may change the answer.</summary>
    public bool IsOpen => Refusal is null || Refusal.Code == Rejection.IndeterminateCode;

    private PolicyVerdict? Candidate => Verdicts.FirstOrDefault(verdict => verdict.MayCover);

    private IEnumerable<PolicyVerdict> Nearest =>
        Verdicts
            .OrderBy(verdict => verdict.Mismatches.Count(mismatch => Elsewhere.Contains(mismatch.Field)))
            .ThenBy(verdict => verdict.Mismatches.Count);

    private IReadOnlyList<string> Unresolved =>
        [
            .. Candidate!.Mismatches.Select(mismatch => mismatch.Message.AsClause()),
            .. Denials
                .Where(verdict => verdict.Applies is null)
                .Select(verdict => $"whether {verdict.Denial.Name} denies it cannot be told"),
        ];

    // Policies for other people are not mentioned: they are nobody else's business.
    private string Explanation =>
        Verdicts is []
            ? "No policy lets you or your groups ask for anything. Ask the platform team to be included in one."
            : $"No policy covers all of it. Yours allow: {string.Join("; ", Nearest.Take(MostExplained))}"
                + (Verdicts.Count > MostExplained ? $"; and {Verdicts.Count - MostExplained} more." : ".");
}
