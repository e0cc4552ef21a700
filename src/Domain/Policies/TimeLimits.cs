using JitFunctions.Domain.Requests;

namespace JitFunctions.Domain.Policies;

/// <summary>For how long, and when, a policy lets people have rights.</summary>
/// <param name="DefaultDuration">For who asks without a duration.</param>
/// <param name="ScheduleAhead">How far in the future a start may lie; zero when it is always now.</param>
public sealed record TimeLimits(
    TimeSpan DefaultDuration, TimeSpan MaxDuration, TimeSpan PendingWindow, TimeSpan ScheduleAhead, AccessHours? Hours)
{
    public IEnumerable<Excess> Excess(RequestDraft draft, DateTimeOffset now)
    {
        if (draft.Duration > MaxDuration)
            yield return new("maxDuration", $"at most {KubernetesDuration.Format(MaxDuration)}");
        if (draft.Start is { } start && ScheduleAhead == TimeSpan.Zero)
            yield return new("scheduledStart", "no scheduled start");
        else if (draft.Start > now + ScheduleAhead)
            yield return new("scheduledStart", $"a start at most {KubernetesDuration.Format(ScheduleAhead)} from now");
        if (Hours is not null && ClosedAt(draft.Start is { } at && at > now ? at : now) is { } closed)
            yield return closed;
    }

    private Excess? ClosedAt(DateTimeOffset at)
    {
        try
        {
            return Hours!.OpenUntil(at) is null ? new("hours", $"only in {Hours}") : null;
        }
        catch (TimeZoneNotFoundException)
        {
            return new("hours", $"the time zone {Hours!.TimeZone} is not known here", IsUnresolved: true);
        }
    }
}
