using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;
using k8s.Autorest;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>The cluster's answer: exactly one of the two members is set.</summary>
/// <param name="InForce">
/// The reason by which our own binding still allows something: the API server has not yet processed its removal.
/// </param>
internal sealed record DenialAnswer(DenialProof? Proof, string? InForce);

/// <summary>The API server did not process the removal in time.</summary>
public sealed class StillInForceException(string reason)
    : Exception($"The removed binding is still in force: {ShortText.Message(reason)}");

/// <summary>Checks by SubjectAccessReviews in the cluster whether rights that were removed are gone.</summary>
internal static class DenialCheck
{
    /// <remarks>Call this after bindings were read or removed: then a 403 is not a temporary one.</remarks>
    public static async Task<DenialAnswer> ProveDenialAsync(
        this Cluster cluster,
        AccessRequest request,
        CancellationToken cancellation
    )
    {
        try
        {
            return await AskAllAsync(cluster, request, cancellation);
        }
        catch (HttpOperationException e) when (ClusterFailure.IsFinal(e) || ClusterFailure.IsForbidden(e))
        {
            return Indeterminate($"It could not be asked: {ClusterFailure.Describe(e, cluster.Name)}");
        }
    }

    private static DenialAnswer Indeterminate(string detail) =>
        new(new DenialProof(DenialVerdict.Indeterminate, detail), InForce: null);

    private static async Task<DenialAnswer> AskAllAsync(
        Cluster cluster,
        AccessRequest request,
        CancellationToken cancellation
    )
    {
        // The requester also had what the role came to allow in the meantime.
        var questions = AccessQuestions.About(RightsGrowth.Union(request.Rights, request.Unapproved));
        if (questions is [])
            return Indeterminate("The role has no rules for resources that can be checked.");

        var (user, groups) = Holder(cluster, request);
        var answers = await Task.WhenAll(
            questions.Select(question => cluster.ReviewAccessAsync(user, groups, question, cancellation))
        );
        List<Permitted> permitted =
        [
            .. questions
                .Zip(answers)
                .Where(one => one.Second.Allowed)
                .Select(one => new Permitted(one.First, one.Second.Reason, RbacReason.Parse(one.Second.Reason))),
        ];
        if (permitted.FirstOrDefault(one => one.By?.IsOf(request.Id, request.Terms.Scope) == true) is { } ours)
            return new(Proof: null, ours.Reason!);
        var proof = permitted is []
            ? new DenialProof(
                DenialVerdict.Denied,
                $"Asked {questions.Count} of the role's rights, such as {Describe(questions[0])}."
            )
            : await StillAllowedAsync(cluster, request, permitted, cancellation);
        return new(proof, InForce: null);
    }

    private static async Task<DenialProof> StillAllowedAsync(
        Cluster cluster,
        AccessRequest request,
        IReadOnlyList<Permitted> permitted,
        CancellationToken cancellation
    )
    {
        List<AllowingBinding> bindings = [];
        foreach (var reason in permitted.Select(one => one.By).OfType<RbacReason>().Distinct())
        {
            var found = await FindAsync(cluster, reason, cancellation);
            bindings.Add(
                AllowingBinding.Of(reason, found?.MadeAt, found?.ChangedAt, request.ActivationStartedAt).Shortened()
            );
        }

        // What an authorizer other than RBAC allows has no binding; only its reason is known.
        IEnumerable<string> causes =
        [
            .. bindings.Select(binding => binding.Describe()),
            .. permitted
                .Where(one => one.By is null)
                .Select(one => one.Reason is { Length: > 0 } text ? ShortText.Message(text) : "no reason is given")
                .Distinct(),
        ];
        return new(
            DenialVerdict.StillAllowed,
            $"{Describe(permitted[0].Question)}: {string.Join("; ", causes)}",
            bindings is [] ? null : bindings
        );
    }

    // The binding may be gone by now. Where it cannot be read, the answer of the API server still counts.
    private static async Task<ObservedObject?> FindAsync(
        Cluster cluster,
        RbacReason reason,
        CancellationToken cancellation
    )
    {
        try
        {
            return await cluster.FindAsync(
                new(BindingRef.KindIn(reason.Namespace), reason.Namespace, reason.Binding),
                cancellation
            );
        }
        catch (HttpOperationException e) when (ClusterFailure.IsFinal(e) || ClusterFailure.IsForbidden(e))
        {
            return null;
        }
    }

    private static (string User, IReadOnlyList<string> Groups) Holder(Cluster cluster, AccessRequest request)
    {
        if (!request.IsEphemeral)
            return (cluster.UserName(request.Requester.Username), cluster.GroupsOfPerson(request.Groups));
        var account = cluster.ServiceAccountOf(request);
        return (account.UserName(), account.Groups());
    }

    private sealed record Permitted(V1ResourceAttributes Question, string? Reason, RbacReason? By);

    private static string Describe(V1ResourceAttributes x) =>
        $"{x.Verb} {x.Resource}{(x.Subresource is { } sub ? $"/{sub}" : "")}"
        + $"{(x.NamespaceProperty is { } ns ? $" in {ns}" : "")}";
}
