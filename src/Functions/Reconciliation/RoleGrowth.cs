using System.Collections.Concurrent;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Monitoring;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>
/// Compares what the roles of active grants allow now with what was approved: other people own and change roles, and
/// aggregated roles grow by themselves. Rights that nobody approved are recorded, and if they are dangerous the grant
/// ends, unless its policy says otherwise.
/// </summary>
public sealed class RoleGrowth(
    IDocumentStore store,
    SystemCommands commands,
    GrantRevocation revocation,
    TimeProvider clock,
    ILogger<RoleGrowth> log
)
{
    private const int PageSize = 200;

    // By cluster, the last grant whose check was started: the next run begins after it, so that each grant gets its
    // turn.
    private readonly ConcurrentDictionary<string, string> _last = new();

    /// <param name="findings">
    /// Receives the findings, also when the time for this cluster ends before all grants were checked.
    /// </param>
    internal async Task CheckAsync(Cluster cluster, List<ClusterFinding> findings, CancellationToken cancellation)
    {
        var roles = new CurrentRights(cluster);
        await using var session = store.QuerySession();
        var first = _last.GetValueOrDefault(cluster.Name, string.Empty);
        await CheckPagesAsync(after: first, upTo: null);
        if (first.Length > 0)
            await CheckPagesAsync(after: string.Empty, upTo: first);

        async Task CheckPagesAsync(string after, string? upTo)
        {
            while (
                await session.ReadActiveDetailsPageAsync(cluster.Name, after, PageSize, cancellation)
                    is [.., var end] page
            )
            {
                foreach (var request in page)
                {
                    if (upTo is not null && string.CompareOrdinal(request.Id, upTo) > 0)
                        return;
                    _last[cluster.Name] = request.Id; // set first: a grant that uses up the time has had its turn
                    if (request.Terms.Scope.Role is not null)
                        await TryAsync(cluster, request, roles, findings, cancellation);
                }

                after = end.Id;
            }
        }
    }

    // A grant whose role cannot be read must not prevent the check of the others.
    private async Task TryAsync(
        Cluster cluster,
        RequestDetails request,
        CurrentRights roles,
        List<ClusterFinding> findings,
        CancellationToken cancellation
    )
    {
        try
        {
            var known = request.Unapproved?.Present ?? [];
            var current = await roles.OfAsync(request.Terms.Scope, cancellation);
            if (!RightsGrowth.Between(request.Rights, known, current).IsNone)
                known = await RecordAsync(cluster, request.Id, cancellation);
            if (known is [_, ..])
                findings.Add(Finding(request, known));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            findings.Add(
                new(
                    FindingKind.NotReconciled,
                    request.Id,
                    $"what its role allows cannot be read: {ClusterFailure.Describe(e, cluster.Name)}"
                )
            );
            log.LogError(e, "The role of {Request} was not compared with the approved rights", request.Id);
        }
    }

    /// <returns>The rights that are given now and were not approved.</returns>
    private async Task<IReadOnlyList<NamespacedRules>> RecordAsync(
        Cluster cluster,
        string id,
        CancellationToken cancellation
    )
    {
        // Read again: the role may have been changed back, and the request may have been submitted after the earlier
        // read.
        var request = await commands.ReadAsync(id, cancellation);
        var current = await new CurrentRights(cluster).OfAsync(request.Terms.Scope, cancellation);
        var after = await commands.HandleAsync(
            id,
            AccessRequestCommand.CompareRights.Foreseen(request, current, clock.GetUtcNow()),
            Channel.Reconciler,
            cancellation
        );
        if (after.Status is RequestStatus.Ending && request.Status is RequestStatus.Active)
        {
            log.LogError("Ending {Request}: {Detail}", id, after.Ending!.Comment);
            await revocation.TryAsync(id, Channel.Reconciler, cancellation);
        }

        return after.Unapproved;
    }

    private static ClusterFinding Finding(RequestDetails request, IReadOnlyList<NamespacedRules> unapproved)
    {
        var detail = ShortText.Detail(
            $"{request.Terms.Scope.Role} allows what nobody approved: "
                + $"{string.Join("; ", unapproved.Select(placed => placed.Describe()))}"
        );
        return new(
            DangerousRights.In(unapproved) is [] ? FindingKind.RoleGrown : FindingKind.RoleGrownDangerously,
            request.Id,
            detail
        );
    }

    /// <summary>
    /// What roles allow now. Each role is read once, so that one that cannot be read costs its time only once. A role
    /// that was deleted allows nothing.
    /// </summary>
    private sealed class CurrentRights(Cluster cluster)
    {
        private readonly Dictionary<(RoleRef Role, string? Namespace), Task<IReadOnlyList<RbacRule>>> _read = [];

        public async Task<IReadOnlyList<NamespacedRules>> OfAsync(Scope scope, CancellationToken cancellation)
        {
            if (scope.Role!.Kind is RoleKind.ClusterRole)
                return [new(scope.Namespaces, await ReadAsync(scope, null, cancellation))];
            List<NamespacedRules> placed = [];
            foreach (var ns in scope.Namespaces)
                placed.Add(new([ns], await ReadAsync(scope with { Namespaces = [ns] }, ns, cancellation)));
            return placed;
        }

        private Task<IReadOnlyList<RbacRule>> ReadAsync(Scope scope, string? ns, CancellationToken cancellation)
        {
            if (!_read.TryGetValue((scope.Role!, ns), out var reading))
                _read[(scope.Role!, ns)] = reading = FetchAsync(scope, cancellation);
            return reading;
        }

        private async Task<IReadOnlyList<RbacRule>> FetchAsync(Scope scope, CancellationToken cancellation)
        {
            try
            {
                return [.. (await cluster.RightsAsync(scope, cancellation)).SelectMany(placed => placed.Rules)];
            }
            catch (UnknownRoleException)
            {
                return [];
            }
        }
    }
}
