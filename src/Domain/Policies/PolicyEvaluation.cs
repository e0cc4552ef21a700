using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Policies;

/// <summary>The parts of a request that one policy does not cover.</summary>
public sealed record PolicyVerdict(AccessPolicy Policy, IReadOnlyList<PolicyMismatch> Mismatches)
{
    /// <summary>
    /// True when nothing is known that the policy does not cover, although something may still be unresolved.
    /// </summary>
    public bool MayCover => Mismatches.All(mismatch => mismatch.IsUnresolved);

    public override string ToString() => $"{Policy.Name} ({string.Join(", ", Mismatches.Select(Describe))})";

    private string Describe(PolicyMismatch mismatch) => $"{mismatch.Message} [{Policy.Source.Of(mismatch.Field)}]";
}

/// <param name="Applies">Null when it cannot be determined.</param>
public sealed record DenialMatch(Denial Denial, bool? Applies);

/// <summary>The result of evaluating all policies for one request, with the reasons.</summary>
/// <param name="Verdicts">The verdicts of the policies that apply to the requester, in order. The first policy that may
/// cover the request decides.</param>
public sealed record PolicyEvaluation(IReadOnlyList<PolicyVerdict> Verdicts, IReadOnlyList<DenialMatch> Denials)
{
    private const int MostExplained = 10;

    // Mismatches in these fields mean that the policy is for something else, not that it refuses this request.
    private static readonly string[] Elsewhere =
    [
        "clusters",
        "namespaces",
        "namespaceLabels",
        "clusterWide",
        "roles",
        "rules",
    ];

    /// <summary>The policy that covers the whole request, unless something refuses it.</summary>
    public AccessPolicy? Covering => Refusal is null ? Candidate!.Policy : null;

    /// <summary>The reason for a refusal. Anything that cannot be resolved also leads to a refusal.</summary>
    public Rejection? Refusal =>
        Denials.FirstOrDefault(verdict => verdict.Applies == true) is { Denial: var denial }
            ? Rejection.DeniedByPolicy(denial.Name, denial.Source.ToString(), denial.Because)
        : Candidate is null ? Rejection.NotCovered(Explanation)
        : Unresolved is [_, ..] unresolved ? Rejection.Indeterminate(string.Join("; ", unresolved))
        : null;

    /// <summary>True when facts from the cluster may change the result.</summary>
    public bool IsOpen => Refusal is null || Refusal.Code == Rejection.IndeterminateCode;

    private PolicyVerdict? Candidate => Verdicts.FirstOrDefault(verdict => verdict.MayCover);

    // Stryker disable once Linq : without OrderBy, ThenBy does not compile, and Stryker then skips the whole file.
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

    // Policies for other people are not mentioned, because they are not the caller's business.
    private string Explanation =>
        Verdicts is []
            ? "No policy lets you or your groups ask for anything. Ask the platform team to be included in one."
            : $"No policy covers all of it. Yours allow: {string.Join("; ", Nearest.Take(MostExplained))}"
                + (Verdicts.Count > MostExplained ? $"; and {Verdicts.Count - MostExplained} more." : ".");
}
