using System.Diagnostics;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Creates a span for each call to a cluster, named by the method and the resource: <c>cluster POST rolebindings</c>.
/// It contains neither namespaces nor names.
/// </summary>
internal sealed class ClusterTracing(string cluster) : DelegatingHandler
{
    public const string Source = "JitFunctions.Clusters";
    private static readonly ActivitySource Spans = new(Source);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var span = Spans.StartActivity(
            $"cluster {request.Method} {ResourceIn(request.RequestUri)}",
            ActivityKind.Client
        );
        span?.SetTag("jit.cluster", cluster);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            span?.SetTag("http.response.status_code", (int)answer.StatusCode);
            if (!answer.IsSuccessStatusCode)
                span?.SetStatus(ActivityStatusCode.Error);
            return answer;
        }
        catch (Exception e)
        {
            span?.SetTag("error.type", e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }

    /// <summary>
    /// The resource, with its subresource, in the address of an API server:
    /// https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris.
    /// </summary>
    internal static string ResourceIn(Uri? address)
    {
        var parts = (address?.AbsolutePath ?? string.Empty).Split('/', StringSplitOptions.RemoveEmptyEntries);
        parts = parts switch
        {
            ["api", _, .. var core] => core,
            ["apis", _, _, .. var group] => group,
            _ => [],
        };
        if (parts is ["namespaces", _, _, ..])
            parts = parts[2..];
        return parts switch
        {
            [var all] => all,
            [var resource, _] => resource,
            [var resource, _, var subresource, ..] => $"{resource}/{subresource}",
            _ => "other",
        };
    }
}
