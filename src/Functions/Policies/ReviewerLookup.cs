using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Platform.Directory;

namespace JitFunctions.Functions.Policies;

/// <summary>Asks the directory about those on whose word a decision rests.</summary>
public sealed class ReviewerLookup(IDirectory directory)
{
    private static readonly TimeSpan LongestForRevocation = TimeSpan.FromSeconds(2);

    /// <param name="policies">Who administers, and which accounts belong to one human.</param>
    public async Task<ReviewerFacts> FindAsync(
        PolicySet policies,
        IEnumerable<Principal> reviewers,
        CancellationToken cancellation
    )
    {
        var groups = new Dictionary<string, IReadOnlyList<string>?>();
        var linked = new Dictionary<string, IReadOnlyList<string>?>();
        string? trouble = null;
        foreach (var reviewer in reviewers.DistinctBy(by => by.Subject))
        {
            groups[reviewer.Subject] = Known(await directory.MembershipOfAsync(reviewer, cancellation));
            // A linked account matters as far as it administers.
            var others = policies.Administrators is [] ? [] : policies.Accounts.OthersOf(reviewer.Username);
            foreach (var other in others.Where(name => !linked.ContainsKey(name.ToLowerInvariant())))
                linked[other.ToLowerInvariant()] = Known(await directory.MembershipOfAccountAsync(other, cancellation));
        }

        return new(policies, groups, trouble) { LinkedGroups = linked };

        IReadOnlyList<string>? Known(Membership membership)
        {
            trouble ??= membership.Groups is null ? membership.Detail : null;
            return membership.Groups;
        }
    }

    /// <summary>
    /// The caller with no more groups than the directory has them in now. Where it cannot tell, or not soon, the
    /// token's word is taken: this is for what takes rights away, which must not have to wait.
    /// </summary>
    /// <param name="policies">Null when nobody can say what they are; nobody administers then.</param>
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
