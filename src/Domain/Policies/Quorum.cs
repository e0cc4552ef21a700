namespace JitFunctions.Domain.Policies;

/// <summary>Counts reviews against requirements. One person fills one place, however many groups they are in.</summary>
public static class Quorum
{
    /// <param name="reviewers">The groups of each person who approved.</param>
    /// <returns>The missing approvals after the best possible assignment of people to requirements; empty when all
    /// requirements are met.</returns>
    public static IReadOnlyList<ApprovalRequirement> Lacking(
        IReadOnlyList<ApprovalRequirement> requirements,
        IReadOnlyList<IReadOnlyList<string>> reviewers
    )
    {
        var places = requirements
            .SelectMany(requirement => Enumerable.Repeat(requirement, requirement.Count))
            .ToArray();
        var holders = new int?[places.Length];
        for (var reviewer = 0; reviewer < reviewers.Count; reviewer++)
            Seat(reviewer, new HashSet<int>());

        return
        [
            .. places
                .Where((_, i) => holders[i] is null)
                .GroupBy(place => place)
                .Select(group => group.Key with { Count = group.Count() }),
        ];

        // An augmenting path (Kuhn's algorithm): the holder of a place moves to another one if there is one for them.
        bool Seat(int reviewer, HashSet<int> tried)
        {
            for (var i = 0; i < places.Length; i++)
            {
                if (!places[i].Groups.Any(reviewers[reviewer].Contains) || !tried.Add(i))
                    continue;
                if (holders[i] is { } holder && !Seat(holder, tried))
                    continue;
                holders[i] = reviewer;
                return true;
            }

            return false;
        }
    }
}
