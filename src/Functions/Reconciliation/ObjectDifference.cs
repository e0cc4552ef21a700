using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Reconciliation;

/// <summary>Tells whether an object is what was approved.</summary>
internal static class ObjectDifference
{
    /// <returns>All that differs from what an active grant should have there, or null.</returns>
    public static string? DifferenceOf(this Cluster cluster, IGrantObject found, AccessRequest request)
    {
        List<string> differences = [];
        var what = found switch
        {
            RoleObject => "the role's",
            CredentialObject credential => $"the {credential.ObjectKind}'s",
            _ => "its",
        };
        switch (found)
        {
            case BindingObject binding when !binding.Gives(GrantBinding.Role(request), cluster.SubjectOf(request)):
                differences.Add($"it gave {binding.Describe()}");
                break;
            case RoleObject role when !role.Has(GrantRoles.Rules(request)):
                differences.Add($"the role allowed {role.Describe()}");
                break;
            case CredentialObject { Flaw: { } flaw } credential:
                differences.Add($"the {credential.ObjectKind}: {flaw}");
                break;
        }

        if (!GrantBinding.IsLabelledFor(found.Metadata, request))
            differences.Add($"{what} labels were changed");
        if (GrantBinding.IsExpiryForeign(found.Metadata, request))
            differences.Add($"{what} expiry was changed");
        return differences is [] ? null : string.Join("; ", differences);
    }
}
