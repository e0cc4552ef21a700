using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>Our own binding still allows something: the API server has not caught up with its removal.</summary>
public sealed class StillInForceException(string reason) : Exception($"The removed binding is still in force: {reason}")
{
    public string Reason { get; } = reason;
}

/// <summary>Asks the cluster itself, by SubjectAccessReviews, whether rights that were taken away are gone.</summary>
internal static class DenialCheck
{
    // A role can hold hundreds of rules; this many questions tell, and stay within a second or two.
    private const int MostQuestions = 20;

    /// <remarks>To be called after bindings were read or removed: then a 403 is no passing one.</remarks>
    /// <exception cref="StillInForceException" />
    public static async Task<DenialProof> ProveDenialAsync(this Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        try
        {
            return await AskAllAsync(cluster, request, Questions(request), cancellation);
        }
        catch (HttpOperationException e) when (ClusterFailure.IsFinal(e) || ClusterFailure.IsForbidden(e))
        {
            return new(DenialVerdict.Indeterminate, $"It could not be asked: {ClusterFailure.Describe(e, cluster.Name)}");
        }
    }

    private static async Task<DenialProof> AskAllAsync(
        Cluster cluster, AccessRequest request, IReadOnlyList<V1ResourceAttributes> questions, CancellationToken cancellation)
    {
        if (questions is [])
            return new(DenialVerdict.Indeterminate, "The role has no rules about resources to ask for.");

        var answers = await Task.WhenAll(questions.Select(question => AskAsync(cluster, request, question, cancellation)));
        foreach (var (question, status) in questions.Zip(answers))
        {
            if (!status.Allowed)
                continue;
            if (IsOurs(status.Reason, request))
                throw new StillInForceException(status.Reason!);
            return new(DenialVerdict.StillAllowed, $"{Describe(question)}: {status.Reason}");
        }

        return new(DenialVerdict.Denied, $"Asked {questions.Count} of the role's rights, such as {Describe(questions[0])}.");
    }

    // By a binding or a role of the grant. The service account, whose name is the same, is only whom the answer is about.
    private static bool IsOurs(string? reason, AccessRequest request)
    {
        var name = BindingRef.NameFor(request.Id);
        return reason is not null
            && (reason.Contains($"Binding \"{name}", StringComparison.Ordinal) || reason.Contains($"Role \"{name}", StringComparison.Ordinal));
    }

    private static async Task<V1SubjectAccessReviewStatus> AskAsync(
        Cluster cluster, AccessRequest request, V1ResourceAttributes question, CancellationToken cancellation)
    {
        var (user, groups) = Holder(cluster, request);
        var review = new V1SubjectAccessReview { Spec = new() { User = user, Groups = [.. groups], ResourceAttributes = question } };
        return (await cluster.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: cancellation)).Status;
    }

    private static (string User, IReadOnlyList<string> Groups) Holder(Cluster cluster, AccessRequest request)
    {
        if (!request.IsEphemeral)
            return (cluster.UserName(request.Requester.Username), [.. request.Groups.Select(cluster.GroupName), "system:authenticated"]);
        var account = cluster.ServiceAccountOf(request);
        return (account.UserName(), account.Groups());
    }

    private static IReadOnlyList<V1ResourceAttributes> Questions(AccessRequest request)
    {
        var places = request.Rights.SelectMany(placed => placed.ClusterWide ? [(Place: (string?)null, placed.Rules)] : placed.Namespaces.Select(ns => (Place: (string?)ns, placed.Rules))).ToList();
        return [.. places.SelectMany(x => DenialQuestions.Over(x.Rules, x.Place, Math.Max(1, MostQuestions / places.Count)))];
    }

    private static string Describe(V1ResourceAttributes x) =>
        $"{x.Verb} {x.Resource}{(x.Subresource is { } sub ? $"/{sub}" : "")}{(x.NamespaceProperty is { } ns ? $" in {ns}" : "")}";
}
