using System.Net;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Grants;

/// <param name="Token">Secret: for the answer to the requester, and for nothing else.</param>
/// <param name="Address">Where it is good.</param>
public sealed record IssuedCredential(string Token, DateTimeOffset ExpiresAt, ClusterAddress Address)
{
    // A record would print its members, the token among them.
    public override string ToString() => $"a credential until {ExpiresAt:u}";
}

/// <summary>Hands out tokens of the service account of an ephemeral grant.</summary>
public sealed class GrantCredential(
    SystemCommands requests, CallerCommands commands, ClusterConnections clusters, TimeProvider clock, ILogger<GrantCredential> log)
{
    /// <returns>The credential, or why there is none.</returns>
    /// <exception cref="JasperFx.ConcurrencyException" />
    public async Task<(IssuedCredential? Issued, Rejection? Why)> IssueAsync(string id, Caller caller, CancellationToken cancellation)
    {
        var request = await requests.ReadAsync(id, cancellation);
        if (WhyNot(request, caller) is { } why)
            return (null, why);

        var (token, address, trouble) = await RequestTokenAsync(request, caller, cancellation);
        if (token is null)
            return (null, trouble);

        // The token before the event, so that the event tells of one that exists; the event before the answer, so that nobody has a
        // token of which no event tells. Should the grant have ended meanwhile, nobody gets it, and its Secret is gone.
        var outcome = await commands.HandleAsync(id, new AccessRequestCommand.IssueCredential(caller, clock.GetUtcNow()), caller, expected: null, cancellation);
        return outcome.Decision is Decision.Rejected { Why: var tooLate } ? (null, tooLate) : (new(token, request.ExpiresAt!.Value, address!), null);
    }

    private Rejection? WhyNot(AccessRequest request, Caller caller) =>
        (AccessRequestDecider.Decide(request, new AccessRequestCommand.IssueCredential(caller, clock.GetUtcNow())) as Decision.Rejected)?.Why;

    private async Task<(string? Token, ClusterAddress? Address, Rejection? Why)> RequestTokenAsync(
        AccessRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = request.Terms.Scope.Cluster;
        try
        {
            var cluster = clusters[name];
            var left = request.ExpiresAt!.Value - clock.GetUtcNow();
            return (await cluster.RequestTokenAsync(cluster.ServiceAccountOf(request), left, cancellation), cluster.Address, null);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return (null, null, WhyNot(await requests.ReadAsync(request.Id, cancellation), caller) ?? Rejection.CredentialGone);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var detail = ClusterFailure.Describe(e, name);
            log.LogWarning("No credential for {Request}: {Detail}", request.Id, detail);
            return (null, null, Rejection.ClusterUnavailable(detail));
        }
    }
}
