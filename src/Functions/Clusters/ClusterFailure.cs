using System.Net;
using Azure.Identity;
using JitFunctions.Domain.Text;
using k8s.Autorest;

namespace JitFunctions.Functions.Clusters;

/// <summary>Classifies a failed call to a cluster, such as whether a retry can succeed.</summary>
public static class ClusterFailure
{
    /// <summary>
    /// True when the same call can never succeed: what it names is missing or invalid, or the cluster changes what it
    /// applies.
    /// </summary>
    public static bool IsFinal(Exception e) =>
        e
            is AlteredObjectException
                or HttpOperationException
                {
                    Response.StatusCode: HttpStatusCode.NotFound
                        or HttpStatusCode.UnprocessableEntity
                        or HttpStatusCode.BadRequest
                };

    /// <summary>
    /// True when the app lacks the right. An API server that has just started answers 403 to everybody until it has
    /// read its RBAC objects, so this is final only after another call has succeeded.
    /// </summary>
    public static bool IsForbidden(Exception e) =>
        e is HttpOperationException { Response.StatusCode: HttpStatusCode.Forbidden };

    /// <summary>True when the cluster did not answer within the time limit, in any of the tries.</summary>
    public static bool IsTimeout(Exception e) =>
        e is OperationCanceledException
        || (e is AggregateException { InnerExceptions: var several } && several.All(IsTimeout));

    /// <summary>
    /// One line for people. The server's message names objects, never credentials; a long message is cut.
    /// </summary>
    public static string Describe(Exception e, string cluster) => ShortText.Detail(DescribeAll(e, cluster));

    private static string DescribeAll(Exception e, string cluster) =>
        e switch
        {
            AggregateException { InnerExceptions: var several } => string.Join(
                " ",
                several.Select(one => Describe(one, cluster)).Distinct()
            ),
            ObjectPersistsException
            or StillInForceException
            or AlteredObjectException
            or UnknownClusterException
            or ClusterBusyException
            or TooManyCallsException => e.Message,
            HttpOperationException { Response: { } response } =>
                $"{cluster} answered {(int)response.StatusCode}: {ShortText.Message(Message(response.Content))}",
            AuthenticationFailedException =>
                $"{cluster} cannot be called: the app's identity cannot get a token for it.",
            OperationCanceledException => $"{cluster} did not answer in time.",
            _ => $"{cluster} cannot be reached: {ShortText.Message(e.Message)}",
        };

    private static string Message(string? content)
    {
        try
        {
            return content is null
                ? string.Empty
                : k8s.KubernetesJson.Deserialize<k8s.Models.V1Status>(content).Message ?? string.Empty;
        }
        catch (System.Text.Json.JsonException)
        {
            return "no Kubernetes status";
        }
    }
}
