using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.Functions.Http;

/// <summary>
/// The groups by which a call is judged: those that the token lists, or where it does not list them, those of the
/// directory. Groups that cannot be told are never none, or a denial by group would not meet the person.
/// </summary>
public sealed class CallerGroups([FromKeyedServices(ApiStore.Key)] IDirectory directory, DirectoryOptions options)
{
    /// <returns>The groups, and whether they are known; or null and why the call is refused.</returns>
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
        // What an earlier token said is not asked: this one says that it was not all, or is no longer so.
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
                    $"{membership.Detail} Your token does not list your groups, so nothing can be told of them."
                )
            );
        }

        return membership.Groups is { } groups
            ? (groups, true, null)
            : (null, false, Problems.GroupsUnknown(membership.Detail!));
    }
}
