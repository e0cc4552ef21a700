using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Schedules;

/// <summary>Tells whether a binding is what its request says it should be.</summary>
internal static class BindingDrift
{
    public static bool BelongsTo(BindingObject binding, AccessRequest request, Cluster cluster) =>
        request.Terms.Scope.Cluster == cluster.Name
        && binding.Name == BindingRef.NameFor(request.Id)
        && ClusterBindings.Places(request.Terms.Scope).Contains(binding.Namespace);

    /// <returns>All that differs from an active grant's binding, or null.</returns>
    public static string? Difference(BindingObject binding, AccessRequest request, Cluster cluster)
    {
        var differences = Differences(binding, request, cluster).ToList();
        return differences is [] ? null : string.Join("; ", differences);
    }

    private static IEnumerable<string> Differences(BindingObject binding, AccessRequest request, Cluster cluster)
    {
        if (!binding.Gives(GrantBinding.Role(request), cluster.SubjectOf(request)))
            yield return $"it gave {binding.Describe()}";
        if (!GrantBinding.IsLabelledFor(binding.Metadata, request.Id))
            yield return "its labels were changed";

        if (GrantBinding.IsExpiryForeign(binding.Metadata, request))
            yield return "its expiry was changed";
    }
}
