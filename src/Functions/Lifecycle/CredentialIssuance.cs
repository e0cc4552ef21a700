using System.Net;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using k8s.Autorest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Lifecycle;

/// <param name="Token">Secret: for the answer to the requester, and for nothing else.</param>
/// <param name="Address">Where it is good.</param>
public sealed record IssuedCredential(string Token, DateTimeOffset ExpiresAt, ClusterAddress Address)
{
    // A record would print its members, the token among them.
    public override string ToString() => $"a credential until {ExpiresAt:u}";
}

/// <summary>
/// Hands out tokens of the service account of an ephemeral grant: the same one again while it is good, so that each
/// token is one event and nobody makes events by asking often.
/// </summary>
public sealed class CredentialIssuance(
    CallerCommands commands,
    GrantTokens tokens,
    [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters,
    TimeProvider clock,
    ILogger<CredentialIssuance> log
)
{
    /// <returns>The credential, or why there is none.</returns>
    public async Task<(IssuedCredential? Issued, Rejection? Why)> IssueAsync(
        string id,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var request = await commands.ReadAsync(id, cancellation);
        if (WhyNot(request, caller) is { } why)
            return (null, why);

        var (token, trouble) = await TokenAsync(request, caller, cancellation);
        return token is null
            ? (null, trouble)
            : (new(token.Token, request.GoodUntil(token.EndsAt), clusters[request.Terms.Scope.Cluster].Address), null);
    }

    private Rejection? WhyNot(AccessRequest request, Caller caller) =>
        (
            AccessRequestDecider.Decide(request, new AccessRequestCommand.IssueCredential(caller, clock.GetUtcNow()))
            as Decision.Rejected
        )?.Why;

    private async Task<(BoundToken? Token, Rejection? Why)> TokenAsync(
        AccessRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var kept = tokens.Find(request);
        if (kept is not null)
        {
            // Somebody may have deleted what it is bound to; then asking for another one tells why there is none.
            var (accepted, trouble) = await AskAsync(
                request,
                caller,
                async cluster =>
                    await cluster.IsAcceptedAsync(kept, cluster.ServiceAccountOf(request), cancellation) ? kept : null,
                cancellation
            );
            if (accepted is not null || trouble is not null)
                return (accepted, trouble);
        }

        // Not with the cancellation of this call: others wait for it too.
        return await tokens.IssueAsync(request.Id, () => IssueNewAsync(request, kept, caller), cancellation);
    }

    private async Task<(BoundToken? Token, Rejection? Why)> IssueNewAsync(
        AccessRequest request,
        BoundToken? gone,
        Caller caller
    )
    {
        if (tokens.Find(request) is { } newer && newer != gone)
            return (newer, null);
        var (token, trouble) = await AskAsync(
            request,
            caller,
            async cluster => await cluster.RequestTokenAsync(cluster.ServiceAccountOf(request), CancellationToken.None),
            CancellationToken.None
        );
        if (token is null)
            return (null, trouble);

        // The token before the event, so that the event tells of one that exists; the event before the answer, so that
        // nobody has a token of which no event tells. Should the grant have ended meanwhile, nobody gets it, and its
        // Secret is gone.
        var issued = new AccessRequestCommand.IssueCredential(caller, clock.GetUtcNow(), token.EndsAt);
        var outcome = await commands.HandleAsync(request.Id, issued, caller, expected: null, CancellationToken.None);
        if (outcome.Decision is Decision.Rejected { Why: var tooLate })
            return (null, tooLate);
        tokens.Keep(request.Id, token);
        return (token, null);
    }

    private async Task<(BoundToken? Token, Rejection? Why)> AskAsync(
        AccessRequest request,
        Caller caller,
        Func<Cluster, Task<BoundToken?>> ask,
        CancellationToken cancellation
    )
    {
        var name = request.Terms.Scope.Cluster;
        try
        {
            return (await ask(clusters[name]), null);
        }
        catch (HttpOperationException e)
            when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return (
                null,
                WhyNot(await commands.ReadAsync(request.Id, cancellation), caller) ?? Rejection.CredentialGone
            );
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var detail = ClusterFailure.Describe(e, name);
            log.LogWarning("No credential for {Request}: {Detail}", request.Id, detail);
            return (null, Rejection.ClusterUnavailable(detail));
        }
    }
}
