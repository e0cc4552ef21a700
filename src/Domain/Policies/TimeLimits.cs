using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Policies;

/// <summary>When, and for how long, a policy allows rights.</summary>
/// <param name="DefaultDuration">The duration of requests that do not name one.</param>
/// <param name="ScheduleAhead">How far in the future a start may be; zero if scheduled starts are not allowed.</param>
public sealed record TimeLimits(
    TimeSpan DefaultDuration,
    TimeSpan MaxDuration,
    TimeSpan PendingWindow,
    TimeSpan ScheduleAhead,
    AccessHours? Hours
)
{
    public IEnumerable<PolicyMismatch> Mismatches(RequestDraft draft, DateTimeOffset now)
    {
        if (draft.Duration > MaxDuration)
            yield return new("maxDuration", $"at most {KubernetesDuration.Format(MaxDuration)}");
        if (draft.Start is not null && ScheduleAhead == TimeSpan.Zero)
            yield return new("scheduledStart", "no scheduled start");
        else if (draft.Start > now + ScheduleAhead)
            yield return new("scheduledStart", $"a start at most {KubernetesDuration.Format(ScheduleAhead)} from now");
        else if (Hours?.IsKnown() == false)
            yield return new("hours", $"the time zone {Hours.TimeZone} is not known here", IsUnresolved: true);
        else if (Hours is not null && Hours.OpenUntil(draft.Start is { } start && start > now ? start : now) is null)
            yield return new("hours", $"only in {Hours}");
    }
}
