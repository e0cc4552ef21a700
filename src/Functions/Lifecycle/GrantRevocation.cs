using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;
using static JitFunctions.Domain.Requests.AccessRequestCommand;

namespace JitFunctions.Functions.Lifecycle;

/// <summary>
/// One try to remove the grant objects of a request from its cluster and to prove that the rights are gone.
/// </summary>
public sealed class GrantRevocation(
    SystemCommands commands,
    ClusterConnections clusters,
    ClusterTries tries,
    TimeProvider clock,
    ILogger<GrantRevocation> log
)
{
    // The API server's authorizer learns of a deletion through a watch, normally within milliseconds.
    private static readonly TimeSpan[] ProofDelays =
    [
        .. new[] { 10, 50, 100, 250, 500, 1000, 2000 }.Select(ms => TimeSpan.FromMilliseconds(ms)),
    ];

    /// <param name="giveUp">
    /// Ends the try, which is recorded as failed; so does <see cref="ClusterObjects.RemovalTimeLimit"/>.
    /// </param>
    public async Task<AccessRequest> TryAsync(
        string id,
        Provenance provenance,
        CancellationToken cancellation,
        CancellationToken giveUp = default
    )
    {
        var request = await commands.ReadAsync(id, cancellation);
        if (request.Status is not RequestStatus.Ending)
            return request;

        using var limit = new CancellationTokenSource(ClusterObjects.RemovalTimeLimit, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, giveUp, cancellation);
        DenialProof proof;
        try
        {
            proof = await tries.RunAsync(request.Terms.Scope.Cluster, () => RemoveAsync(request, any.Token));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var detail = ClusterFailure.Describe(e, request.Terms.Scope.Cluster);
            var delayed = await commands.HandleAsync(
                id,
                new DelayRevocation(detail, clock.GetUtcNow()),
                provenance,
                cancellation
            );
            Alarm(delayed, detail);
            return delayed;
        }

        return await commands.HandleAsync(
            id,
            new ConfirmRevocation(proof, clock.GetUtcNow()),
            provenance,
            cancellation
        );
    }

    private async Task<DenialProof> RemoveAsync(AccessRequest request, CancellationToken cancellation)
    {
        var cluster = clusters[request.Terms.Scope.Cluster];
        await cluster.RemoveAllAsync(request, cancellation);

        foreach (var delay in ProofDelays)
        {
            if ((await cluster.ProveDenialAsync(request, cancellation)).Proof is { } proof)
                return proof;
            await Task.Delay(delay, clock, cancellation);
        }

        var last = await cluster.ProveDenialAsync(request, cancellation);
        return last.Proof ?? throw new StillInForceException(last.InForce!);
    }

    private void Alarm(AccessRequest request, string detail)
    {
        if (request.Status is not RequestStatus.Ending)
            return; // another try succeeded meanwhile
        var overdue = clock.GetUtcNow() - request.Ending!.At;
        var level = Alarms.For(request.FailedAttempts, overdue) switch
        {
            AlarmLevel.Critical => LogLevel.Critical,
            AlarmLevel.Error => LogLevel.Error,
            _ => LogLevel.Warning,
        };
        log.Log(
            level,
            "Rights of {Request} outlive their end by {Overdue}, try {Attempt}: {Detail}",
            request.Id,
            overdue,
            request.FailedAttempts,
            detail
        );
    }
}
