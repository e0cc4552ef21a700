using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Requests;

/// <summary>Everything about the people and the cluster that the decision rested on, as it is at activation.</summary>
/// <param name="Policies">The policies of the version under which the request was made; null when they cannot be
/// read.</param>
/// <param name="RequesterGroups">Null when they cannot be told.</param>
/// <param name="ReviewerGroups">By subject; null when they cannot be told.</param>
/// <param name="Trouble">Why something is null, in one line for people.</param>
public sealed record EligibilityFacts(
    PolicySet? Policies,
    IReadOnlyList<string>? RequesterGroups,
    IReadOnlyDictionary<string, IReadOnlyList<string>?> ReviewerGroups,
    ClusterFacts Cluster,
    string? Trouble
)
{
    /// <summary>The groups of the reviewers' linked accounts: see <see cref="ReviewerFacts.LinkedGroups"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?> LinkedGroups { get; init; } =
        new Dictionary<string, IReadOnlyList<string>?>();

    /// <summary>
    /// When the requester is known not to be there any more, in one line for people; no policy is about them then.
    /// </summary>
    public string? RequesterGone { get; init; }
}
