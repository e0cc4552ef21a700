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

/// <param name="Token">Secret: only for the response to the requester.</param>
/// <param name="Address">The address of the cluster that accepts the token.</param>
public sealed record IssuedCredential(string Token, DateTimeOffset ExpiresAt, ClusterAddress Address)
{
    // The ToString of a record would print its members, including the token.
    public override string ToString() => $"a credential until {ExpiresAt:u}";
}

/// <summary>
/// Issues tokens of the service account of an ephemeral grant. It returns the same token while that is valid: each
/// token is one event, so frequent calls must not create events.
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

        var (token, failure) = await TokenAsync(request, caller, cancellation);
        return token is null
            ? (null, failure)
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
            // Somebody may have deleted the object to which the token is bound; the request for another token then
            // returns the reason.
            var (accepted, failure) = await AskAsync(
                request,
                caller,
                async cluster =>
                    await cluster.IsAcceptedAsync(kept, cluster.ServiceAccountOf(request), cancellation) ? kept : null,
                cancellation
            );
            if (accepted is not null || failure is not null)
                return (accepted, failure);
        }

        // Without the cancellation of this call: other calls wait for the result too.
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
        var (token, failure) = await AskAsync(
            request,
            caller,
            async cluster => await cluster.RequestTokenAsync(cluster.ServiceAccountOf(request), CancellationToken.None),
            CancellationToken.None
        );
        if (token is null)
            return (null, failure);

        // The token is issued before the event, so that each event records a token that exists. The event is stored
        // before the response, so that nobody has a token without an event. If the grant has ended meanwhile, nobody
        // gets the token, and its Secret is gone.
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
