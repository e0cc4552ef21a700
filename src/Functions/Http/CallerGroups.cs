using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Http;

/// <summary>
/// The groups by which a call is authorized: those in the token or, if the token does not list them, those of the
/// directory. Groups that cannot be determined never count as none, because a denial by group would then not apply to
/// the person.
/// </summary>
public sealed class CallerGroups([FromKeyedServices(ApiStore.Key)] IDirectory directory, DirectoryOptions options)
{
    /// <returns>The groups, and whether they are known; or null and why the call is rejected.</returns>
    internal async Task<(IReadOnlyList<string>? Groups, bool AreKnown, IResult? Problem)> OfAsync(
        SignedInPerson person,
        string function,
        CancellationToken cancellation
    )
    {
        if (person.Groups is { } listed)
            return (listed, true, null);
        if (FunctionAttributes.Has<WorksWithoutGroupsAttribute>(function))
            return ([], false, null);
        // The groups of an earlier token are not used: this token says that its list is incomplete, or that they have
        // changed.
        if (options.Graph.Endpoint is null)
        {
            return FunctionAttributes.Has<ReportsUnknownGroupsAttribute>(function)
                ? ([], false, null)
                : (null, false, Problems.GroupsOverage());
        }

        var membership = await directory.MembershipOfAsync(person.Principal, cancellation);
        if (membership.IsGone)
        {
            return (
                null,
                false,
                Problems.NotAllowed(
                    $"{membership.Detail} Your token does not list your groups, so they cannot be determined."
                )
            );
        }

        return membership.Groups is { } groups
            ? (groups, true, null)
            : (null, false, Problems.GroupsUnknown(membership.Detail!));
    }
}
