using k8s;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <summary>SubjectAccessReviews: what the cluster's authorizers say of a user.</summary>
internal static class AccessReviews
{
    public static async Task<V1SubjectAccessReviewStatus> ReviewAccessAsync(
        this Cluster cluster,
        string user,
        IEnumerable<string> groups,
        V1ResourceAttributes question,
        CancellationToken cancellation
    )
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new()
            {
                User = user,
                Groups = [.. groups],
                ResourceAttributes = question,
            },
        };
        var answer = await cluster.Client.AuthorizationV1.CreateSubjectAccessReviewAsync(
            review,
            cancellationToken: cancellation
        );
        return answer.Status;
    }

    /// <summary>The groups in which the API server sees a person who signs in.</summary>
    public static IReadOnlyList<string> GroupsOfPerson(this Cluster cluster, IEnumerable<string> groups) =>
        [.. groups.Select(cluster.GroupName), "system:authenticated"];
}
