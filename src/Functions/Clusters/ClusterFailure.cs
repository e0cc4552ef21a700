using System.Net;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>What a failed call to a cluster means: worth another try, or not.</summary>
public static class ClusterFailure
{
    // An API server that has just started answers 403 until it has read its RBAC objects.
    private const int ForbiddenTries = 5;

    /// <summary>True when the same call can never succeed: what it names is missing, invalid or, after some tries, forbidden to us.</summary>
    public static bool IsFinal(Exception e, int failedAttempts) => e is HttpOperationException { Response.StatusCode: var status }
        && (status is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest
            || (status is HttpStatusCode.Forbidden && failedAttempts >= ForbiddenTries));

    /// <summary>One line for people. The server's message names objects, never credentials.</summary>
    public static string Describe(Exception e, string cluster) => e switch
    {
        AggregateException { InnerExceptions: var several } => string.Join(" ", several.Select(one => Describe(one, cluster)).Distinct()),
        BindingPersistsException or StillInForceException or UnknownClusterException => e.Message,
        HttpOperationException { Response: { } response } => $"{cluster} answered {(int)response.StatusCode}: {Message(response.Content)}",
        OperationCanceledException => $"{cluster} did not answer in time.",
        _ => $"{cluster} cannot be reached: {e.Message}",
    };

    private static string Message(string? content)
    {
        try
        {
            return content is null ? string.Empty : k8s.KubernetesJson.Deserialize<k8s.Models.V1Status>(content).Message ?? string.Empty;
        }
        catch (System.Text.Json.JsonException)
        {
            return "no Kubernetes status";
        }
    }
}
