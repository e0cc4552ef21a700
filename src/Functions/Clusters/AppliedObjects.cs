using JitFunctions.Domain.Requests;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Compares the API server's answer with what was applied. Mutating admission may change an object on its way into the
/// cluster, so only the answer tells what is there. Labels and annotations that others add are no difference; ours must
/// be as they were applied.
/// </summary>
internal static class AppliedObjects
{
    /// <exception cref="AlteredObjectException" />
    public static T Check<T>(this Cluster cluster, T answer, AccessRequest request, DateTimeOffset expiresAt)
        where T : IGrantObject
    {
        var difference =
            DifferenceIn(cluster, answer, request)
            ?? (
                !GrantBinding.IsLabelledFor(answer.Metadata, request) ? "it lacks the labels of the grant"
                : !GrantBinding.Expires(answer.Metadata, expiresAt)
                    ? "its annotation jit-access/expires-at is not the end of the grant"
                : null
            );
        return difference is null
            ? answer
            : throw new AlteredObjectException(
                answer.ObjectKind,
                answer.Metadata.NamespaceProperty,
                answer.Metadata.Name,
                difference
            );
    }

    private static string? DifferenceIn(Cluster cluster, IGrantObject answer, AccessRequest request) =>
        answer switch
        {
            BindingObject binding => binding.Gives(GrantBinding.Role(request), cluster.SubjectOf(request))
                ? null
                : $"it gives {binding.Describe()}",
            RoleObject role => role.Has(GrantRoles.Rules(request)) ? null : $"it allows {role.Describe()}",
            CredentialObject credential => credential.Flaw,
            _ => throw new ArgumentOutOfRangeException(nameof(answer)),
        };
}
