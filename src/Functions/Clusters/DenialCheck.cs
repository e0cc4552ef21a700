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

    /// <exception cref="StillInForceException" />
    public static async Task<DenialProof> ProveDenialAsync(this Cluster cluster, AccessRequest request, CancellationToken cancellation)
    {
        IReadOnlyList<V1ResourceAttributes> questions;
        try
        {
            questions = await QuestionsAsync(cluster, request.Terms.Scope, cancellation);
        }
        catch (HttpOperationException e) when (ClusterFailure.IsFinal(e, request.FailedAttempts))
        {
            return new(DenialVerdict.Indeterminate, $"The role cannot be read any more: {ClusterFailure.Describe(e, cluster.Name)}");
        }

        if (questions is [])
            return new(DenialVerdict.Indeterminate, "The role has no rules about resources to ask for.");

        foreach (var question in questions)
        {
            var status = await AskAsync(cluster, request, question, cancellation);
            if (!status.Allowed)
                continue;
            if (status.Reason?.Contains($"\"{BindingRef.NameFor(request.Id)}", StringComparison.Ordinal) == true)
                throw new StillInForceException(status.Reason);
            return new(DenialVerdict.StillAllowed, $"{Describe(question)}: {status.Reason}");
        }

        return new(DenialVerdict.Denied, $"Asked {questions.Count} of the role's rights, such as {Describe(questions[0])}.");
    }

    private static async Task<V1SubjectAccessReviewStatus> AskAsync(
        Cluster cluster, AccessRequest request, V1ResourceAttributes question, CancellationToken cancellation)
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new()
            {
                User = cluster.UserName(request.Requester.Username),
                Groups = [.. request.Groups, "system:authenticated"],
                ResourceAttributes = question,
            },
        };
        return (await cluster.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: cancellation)).Status;
    }

    private static async Task<IReadOnlyList<V1ResourceAttributes>> QuestionsAsync(Cluster cluster, Scope scope, CancellationToken cancellation)
    {
        List<V1ResourceAttributes> questions = [];
        foreach (var place in ClusterBindings.Places(scope))
        {
            var rules = scope.Role.Kind is RoleKind.ClusterRole
                ? (await cluster.Client.RbacAuthorizationV1.ReadClusterRoleAsync(scope.Role.Name, cancellationToken: cancellation)).Rules
                : (await cluster.Client.RbacAuthorizationV1.ReadNamespacedRoleAsync(scope.Role.Name, place, cancellationToken: cancellation)).Rules;
            questions.AddRange((rules ?? []).SelectMany(rule => Questions(rule, place)));
        }

        // Spread over all rules and namespaces rather than the first ones.
        var step = Math.Max(1, questions.Count / MostQuestions);
        return [.. questions.Where((_, i) => i % step == 0).Take(MostQuestions)];
    }

    private static IEnumerable<V1ResourceAttributes> Questions(V1PolicyRule rule, string? ns) =>
        from verb in rule.Verbs
        from resource in rule.Resources ?? []
        from apiGroup in rule.ApiGroups ?? []
        from name in rule.ResourceNames is { Count: > 0 } names ? names : [null!]
        let parts = resource.Split('/', 2)
        select new V1ResourceAttributes
        {
            NamespaceProperty = ns,
            Verb = verb,
            Group = apiGroup,
            Resource = parts[0],
            Subresource = parts.Length > 1 ? parts[1] : null,
            Name = name,
        };

    private static string Describe(V1ResourceAttributes x) =>
        $"{x.Verb} {x.Resource}{(x.Subresource is { } sub ? $"/{sub}" : "")}{(x.NamespaceProperty is { } ns ? $" in {ns}" : "")}";
}
