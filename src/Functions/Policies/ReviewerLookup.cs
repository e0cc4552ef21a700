using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Platform.Directory;

namespace JitFunctions.Functions.Policies;

/// <summary>Looks up in the directory the people on whose reviews a decision depends.</summary>
public sealed class ReviewerLookup(IDirectory directory)
{
    private static readonly TimeSpan LongestForRevocation = TimeSpan.FromSeconds(2);

    /// <param name="policies">The policies that name the administrators and the linked accounts.</param>
    public async Task<ReviewerFacts> FindAsync(
        PolicySet policies,
        IEnumerable<Principal> reviewers,
        CancellationToken cancellation
    )
    {
        var groups = new Dictionary<string, IReadOnlyList<string>?>();
        var linked = new Dictionary<string, IReadOnlyList<string>?>();
        string? failure = null;
        foreach (var reviewer in reviewers.DistinctBy(by => by.Subject))
        {
            groups[reviewer.Subject] = GroupsOf(await directory.MembershipOfAsync(reviewer, cancellation));
            // A linked account matters only if it may be an administrator.
            var others = policies.Administrators is [] ? [] : policies.Accounts.OthersOf(reviewer.Username);
            foreach (var other in others.Where(name => !linked.ContainsKey(name.ToLowerInvariant())))
                linked[other.ToLowerInvariant()] = GroupsOf(
                    await directory.MembershipOfAccountAsync(other, cancellation)
                );
        }

        return new(policies, groups, failure) { LinkedGroups = linked };

        IReadOnlyList<string>? GroupsOf(Membership membership)
        {
            failure ??= membership.Groups is null ? membership.Detail : null;
            return membership.Groups;
        }
    }

    /// <summary>
    /// The caller, with only those groups of the token that the directory confirms. If the directory cannot answer, or
    /// not soon, the groups of the token are used: this is for commands that remove rights, which must not be delayed.
    /// </summary>
    /// <param name="policies">Null when the policies cannot be determined; nobody is an administrator then.</param>
    public async Task<Caller> NarrowAsync(Caller caller, PolicySet? policies, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestForRevocation);
        try
        {
            var membership = await directory.MembershipOfAsync(caller.Principal, limit.Token);
            return membership.Groups is { } groups ? caller.Within(groups, policies?.Administrators ?? []) : caller;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return caller;
        }
    }
}
