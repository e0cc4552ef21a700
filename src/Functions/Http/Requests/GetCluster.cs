using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Http.Requests;

/// <summary><c>GET /api/requests/{id}/cluster</c>: the address of a request's cluster, for a kubeconfig.</summary>
public sealed class GetCluster(IQuerySession session, [FromKeyedServices(ApiStore.Key)] ClusterConnections clusters)
{
    [Function(nameof(GetCluster))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests/{id}/cluster")] HttpRequest http,
        string id,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (new QueryFields(http).Problem is { } problem)
            return problem;
        if (await session.LoadAsync<RequestDetails>(id, cancellation) is not { } seen || !context.Caller().MaySee(seen))
            return Problems.From(Rejection.NotFound(id));

        var name = seen.Terms.Scope.Cluster;
        try
        {
            return ApiJson.Result(ClusterView.From(clusters[name]));
        }
        catch (UnknownClusterException e)
        {
            return Problems.From(Rejection.ClusterUnavailable(e.Message));
        }
    }
}

internal sealed record ClusterView(string Name, Uri Server, string? CertificateAuthorityData)
{
    public static ClusterView From(Cluster x) => new(x.Name, x.Address.Server, x.Address.CertificateAuthorityData);
}
