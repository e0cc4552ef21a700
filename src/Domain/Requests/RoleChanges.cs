using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using Fact = JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// Decides what happens when the role of an active grant is changed so that it allows something else than was approved.
/// </summary>
internal static class RoleChanges
{
    public static Decision Of(AccessRequest state, CompareRights command)
    {
        // For requests from before rights were recorded, a comparison is not possible. Ad-hoc rules are in a Role that
        // only the app changes.
        if (state.Rights is [] || state.Terms.Scope.Role is not { } role)
            return Decision.Nothing;

        var growth = command.GrowthSince(state);
        List<AccessRequestEvent> events = [];
        if (growth.Gone is [_, ..])
            events.Add(new Fact.RoleShrunk(growth.Gone, growth.Unapproved, command.Now));
        if (growth.Added is [_, ..])
        {
            var dangers = Shortened(DangerousRights.In(growth.Added));
            events.Add(new Fact.RoleGrown(growth.Added, dangers, growth.Unapproved, command.Now, growth.Untold));
            if (dangers is [_, ..] && state.Policy.RoleGrowth is null or RoleGrowthResponse.End)
                events.Add(
                    new Fact.EndingStarted(
                        EndingCause.RoleGrown,
                        Principal.System,
                        Reason(role, growth, dangers),
                        command.Now
                    )
                );
        }

        return Decision.Accept([.. events]);
    }

    private static string Reason(RoleRef role, RightsGrowth growth, IReadOnlyList<DangerousRight> dangers) =>
        ShortText.Detail(
            growth.Untold is { } why
                ? $"{role} was changed, and what it came to allow cannot be told: {why}."
                : $"{role} came to allow what nobody approved: "
                    + $"{string.Join("; ", dangers.Select(danger => danger.BlastRadius))}."
        );

    // The texts contain names from the role.
    private static IReadOnlyList<DangerousRight> Shortened(IReadOnlyList<DangerousRight> dangers) =>
        [.. dangers.Select(danger => danger with { BlastRadius = ShortText.Detail(danger.BlastRadius) })];
}
