using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// Determines which of the requested rights the requester already has, by a grant or by other bindings in the cluster.
/// It is checked once, at the time of the request, so that all later readers see the same, without calls to the
/// cluster.
/// </summary>
public sealed class HeldRights(
    [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters,
    ApiStore store,
    TimeProvider clock,
    ILogger<HeldRights> log
)
{
    /// <summary>The longest time that this check delays a request.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private const int MostGrants = 50;

    /// <summary>Never fails: rights that cannot be determined are left out.</summary>
    public async Task<AlreadyHeld?> FindAsync(
        Caller caller,
        RequestTerms terms,
        IReadOnlyList<NamespacedRules> asked,
        CancellationToken cancellation
    )
    {
        using var limit = new CancellationTokenSource(TimeLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var live = await ReadLiveAsync(caller.Principal, terms.Scope.Cluster, either.Token);
            // A different subject with the same user name is another person, whose grants must not be shown.
            var own = live.Where(request =>
                request.Requester.Subject == caller.Principal.Subject && request.Status is RequestStatus.Active
            );
            var grants = own.Where(request => request.ExpiresAt is not null)
                .Select(request => new HeldGrant(request.Id, request.Rights, request.ExpiresAt!.Value));
            // While grants hold rights, the cluster's answer may be due to them, and cannot be attributed to standing
            // rights.
            var answers = live is [] ? await AskAsync(clusters[terms.Scope.Cluster], caller, asked, either.Token) : [];
            return AlreadyHeld.Of(asked, terms.Start ?? clock.GetUtcNow(), grants, answers);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogInformation(
                e,
                "The rights that {Username} already has in {Cluster} could not be determined in time",
                caller.Principal.Username,
                terms.Scope.Cluster
            );
            return null;
        }
    }

    // The requests whose rights may be in the cluster now for this user name; other accounts of the same person have
    // their own rights.
    private async Task<IReadOnlyList<RequestDetails>> ReadLiveAsync(
        Principal person,
        string cluster,
        CancellationToken cancellation
    )
    {
        await using var session = store.Documents.QuerySession();
        var open = await session
            .Query<RequestDetails>()
            .Where(x => !x.IsFinal && x.Requester.Username == person.Username && x.Terms.Scope.Cluster == cluster)
            .OrderByDescending(x => x.RequestedAt)
            .Take(MostGrants)
            .ToListAsync(cancellation);
        return [.. open.Where(request => request.Status.MayHoldRights())];
    }

    private static async Task<IReadOnlyList<AccessAnswer>> AskAsync(
        Cluster cluster,
        Caller caller,
        IReadOnlyList<NamespacedRules> asked,
        CancellationToken cancellation
    )
    {
        var questions = AccessQuestions.About(asked);
        var groups = cluster.GroupsOfPerson(caller.Groups);
        var answers = new AccessAnswer[questions.Count];
        await Parallel.ForAsync(
            0,
            answers.Length,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = ScopeFacts.NamespacesAtOnce,
                CancellationToken = cancellation,
            },
            async (i, cancel) =>
            {
                var user = cluster.UserName(caller.Principal.Username);
                var status = await cluster.ReviewAccessAsync(user, groups, questions[i], cancel);
                answers[i] = new(status.Allowed, status.Reason);
            }
        );
        return answers;
    }
}
