using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>The current facts at activation about the people and the cluster on which the decision was based.</summary>
/// <param name="Policies">The policies of the version under which the request was made; null when they cannot be
/// read.</param>
/// <param name="RequesterGroups">Null when they cannot be determined.</param>
/// <param name="ReviewerGroups">By subject; null when they cannot be determined.</param>
/// <param name="Failure">Why something is null, in one line for people.</param>
public sealed record EligibilityFacts(
    PolicySet? Policies,
    IReadOnlyList<string>? RequesterGroups,
    IReadOnlyDictionary<string, IReadOnlyList<string>?> ReviewerGroups,
    ClusterFacts Cluster,
    string? Failure
)
{
    /// <summary>The groups of the reviewers' linked accounts: see <see cref="ReviewerFacts.LinkedGroups"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?> LinkedGroups { get; init; } =
        new Dictionary<string, IReadOnlyList<string>?>();

    /// <summary>
    /// Set when the requester is known to have left, in one line for people; no policy applies to them then.
    /// </summary>
    public string? RequesterGone { get; init; }
}
