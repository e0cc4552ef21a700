using JitFunctions.Domain.Policies;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>What holds of every set of policies that was read, whatever stands in the files.</summary>
internal static class PolicyInvariants
{
    public static void Hold(PolicySet set)
    {
        AllAreNames([.. set.Administrators, .. set.Auditors]);
        AllOf(set.Accounts.People, accounts => Assert.True(accounts.Count >= 2));
        AllAreNames([.. set.Accounts.People.SelectMany(accounts => accounts)]);
        Assert.Distinct(set.Accounts.People.SelectMany(accounts => accounts), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(
            set.Policies.Select(policy => policy.Name).Concat(set.Denials.Select(denial => denial.Name)),
            StringComparer.OrdinalIgnoreCase
        );
        AllOf(set.Denials, Hold);
        AllOf(set.Policies, Hold);
    }

    private static void Hold(Denial denial)
    {
        Hold(denial.Subjects);
        Assert.NotEqual("", denial.Name);
        Assert.False(string.IsNullOrWhiteSpace(denial.Because));
        Assert.DoesNotContain(denial.Because, char.IsControl);
        Assert.True(denial.Subjects.All || denial.Subjects.Groups.Count + denial.Subjects.Users.Count > 0);
    }

    private static void Hold(AccessPolicy policy)
    {
        Assert.NotEqual("", policy.Name);
        Hold(policy.Subjects);
        Assert.False(policy.Subjects.All);
        Assert.True(policy.Subjects.Groups.Count + policy.Subjects.Users.Count > 0);

        var limits = policy.Limits;
        Assert.NotEmpty(limits.Clusters);
        Assert.True(limits.ClusterWide || limits.Namespaces.Count + limits.NamespaceLabels.Count > 0);
        Assert.True(limits.Roles.Count + limits.Rules.Count > 0);
        AllOf(limits.Roles, role => Assert.DoesNotContain('*', role.Name));
        AllOf(
            limits.Rules,
            rule =>
            {
                Assert.False(rule.Verbs.Contains("*") && rule.Resources.Contains("*") && rule.ApiGroups.Contains("*"));
                Assert.True(rule.Verbs.Count > 0 && rule.Resources.Count > 0 && rule.ApiGroups.Count > 0);
                Assert.True(rule.ResourceNames is null or [_, ..]);
            }
        );
        Assert.True(
            policy.Dangers is not null
                || limits.Roles.All(role => !role.Name.StartsWith("system:", StringComparison.OrdinalIgnoreCase))
        );

        Hold(policy.Times);
        Hold(policy.Approval, policy.Times);
        AllOf(
            policy.AllRequirements,
            requirement =>
            {
                Assert.NotEmpty(requirement.Groups);
                AllAreNames(requirement.Groups);
                Assert.InRange(requirement.Count, 1, 20);
            }
        );

        if (policy.Extension is { } extension)
        {
            Assert.InRange(extension.MaxDuration, TimeSpan.FromSeconds(5), extension.Total);
            Assert.InRange(extension.Total, policy.Times.MaxDuration, TimeSpan.FromDays(7));
            Assert.True(!extension.Reviewed || policy.Approval.Requirements.Count > 0);
        }

        if (policy.BreakGlass is { } breakGlass)
        {
            Assert.NotEmpty(policy.Approval.Requirements);
            Assert.InRange(breakGlass.MaxDuration, TimeSpan.FromSeconds(5), TimeSpan.FromHours(4));
            Assert.True(breakGlass.MaxDuration <= policy.Times.MaxDuration);
            Assert.InRange(breakGlass.ReviewWithin, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
            Assert.True(limits.Namespaces.Count + limits.NamespaceLabels.Count > 0);
        }
    }

    private static void Hold(TimeLimits times)
    {
        Assert.InRange(times.MaxDuration, TimeSpan.FromSeconds(5), TimeSpan.FromDays(7));
        Assert.InRange(times.DefaultDuration, TimeSpan.FromSeconds(5), times.MaxDuration);
        Assert.InRange(times.PendingWindow, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        Assert.InRange(times.ScheduleAhead, TimeSpan.Zero, TimeSpan.FromDays(30));
        Hold(times.Hours);
    }

    private static void Hold(AccessHours? hours)
    {
        if (hours is null)
            return;
        Assert.NotEmpty(hours.Windows);
        Assert.Each(hours.Windows, window => Assert.NotEmpty(window.Days));
        Assert.NotNull(TimeZoneInfo.FindSystemTimeZoneById(hours.TimeZone));
    }

    // Either people, or a condition that says something, or the plain word for nobody.
    private static void Hold(ApprovalRule approval, TimeLimits times)
    {
        if (approval.Requirements is [])
            Assert.Same(AutomaticCondition.Always, approval.Automatic);
        else if (approval.Automatic is { } condition)
            Assert.NotEqual(AutomaticCondition.Always, condition);
        Hold(approval.Automatic?.Hours);
        Assert.False(approval.Automatic?.MaxDuration >= times.MaxDuration);
    }

    private static void Hold(Subjects subjects) =>
        AllAreNames([.. subjects.Groups, .. subjects.Users, .. subjects.ExceptGroups, .. subjects.ExceptUsers]);

    private static void AllAreNames(IReadOnlyList<string> names) =>
        AllOf(
            names,
            name =>
            {
                Assert.Equal(name.Trim(), name);
                Assert.InRange(name.Length, 1, 256);
                Assert.DoesNotContain(name, char.IsControl);
                Assert.False(name.StartsWith("system:", StringComparison.OrdinalIgnoreCase));
            }
        );

    // A set may lack any of these, and a list in a file may be left out.
    private static void AllOf<T>(IEnumerable<T> things, Action<T> hold) =>
        Assert.All(things, hold, throwIfEmpty: false);
}
