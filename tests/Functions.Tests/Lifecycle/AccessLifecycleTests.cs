using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;

namespace JitFunctions.Functions.Tests.Lifecycle;

public sealed class AccessLifecycleTests
{
    private const string Read = nameof(LifecycleActivities.ReadRequest);
    private const string Lapse = nameof(LifecycleActivities.LapseRequest);
    private const string Activate = nameof(LifecycleActivities.ActivateGrant);
    private const string Expire = nameof(LifecycleActivities.ExpireGrant);
    private const string Remove = nameof(LifecycleActivities.RemoveGrant);
    private const string Renew = nameof(LifecycleActivities.RenewGrant);
    private const string Notify = nameof(LifecycleActivities.NotifyApprovers);

    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_request_is_decided_activated_and_taken_away_at_its_expiry()
    {
        var approvedAt = Noon.AddMinutes(5);
        var context = new ScriptedContext(
            Noon,
            (activity, now) =>
                activity switch
                {
                    Read => now < approvedAt ? Pending() : new(RequestStatus.Approved, null, 0),
                    Activate => new(RequestStatus.Active, now.AddMinutes(30), 0),
                    Expire => new(RequestStatus.Ending, null, 0),
                    Remove => new(RequestStatus.Ended, null, 0),
                    _ => throw new ArgumentOutOfRangeException(nameof(activity), activity, null),
                }
        ).NudgedAt(approvedAt);

        await context.RunAsync();

        Assert.Equal(
            [
                (Read, Noon),
                (Read, approvedAt),
                (Activate, approvedAt),
                (Expire, approvedAt.AddMinutes(30)),
                (Remove, approvedAt.AddMinutes(30)),
            ],
            context.Calls
        );
    }

    [Fact]
    public async Task A_request_that_nobody_decides_lapses_at_its_deadline()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) => activity is Lapse ? new(RequestStatus.Lapsed, null, 0) : Pending()
        );
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Lapse, Noon.AddHours(4))], context.Calls);
    }

    [Fact]
    public async Task A_timer_that_fires_early_is_waited_for_again()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) => activity is Lapse ? new(RequestStatus.Lapsed, null, 0) : Pending()
        )
        {
            Early = TimeSpan.FromSeconds(1),
        };
        await context.RunAsync();
        Assert.Equal([Read, Lapse], context.Calls.Select(call => call.Activity));
        Assert.True(context.Calls[^1].At >= Noon.AddHours(4));
    }

    [Fact]
    public async Task A_nudge_for_nothing_changes_nothing()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) => activity is Lapse ? new(RequestStatus.Lapsed, null, 0) : Pending()
        )
            .NudgedAt(Noon.AddMinutes(1))
            .NudgedAt(Noon.AddMinutes(2));
        await context.RunAsync();
        Assert.Equal([Read, Read, Read, Lapse], context.Calls.Select(call => call.Activity));
    }

    [Fact]
    public async Task No_nudge_is_lost_to_a_wait_that_ended_before()
    {
        // The first wait ends by its timer; the nudge after it must reach the second wait.
        var context = new ScriptedContext(
            Noon,
            (activity, now) =>
                activity switch
                {
                    Read => new(RequestStatus.Ending, null, 1),
                    Renew => new(RequestStatus.Ended, null, 0),
                    Remove => now < Noon.AddMinutes(2)
                        ? new(RequestStatus.Active, Noon.AddHours(1), 0)
                        : new(RequestStatus.Ended, null, 0),
                    _ => throw new ArgumentOutOfRangeException(nameof(activity), activity, null),
                }
        ).NudgedAt(Noon.AddMinutes(2));
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Remove, Noon.AddSeconds(1)), (Renew, Noon.AddMinutes(2))], context.Calls);
    }

    [Fact]
    public async Task Revocation_is_tried_with_growing_pauses_until_it_succeeds()
    {
        var tries = 0;
        var context = new ScriptedContext(
            Noon,
            (activity, _) =>
                activity is Remove && ++tries == 9
                    ? new(RequestStatus.Ended, null, 0)
                    : new(RequestStatus.Ending, null, tries)
        );
        await context.RunAsync();

        var pauses = context.Calls.Where(call => call.Activity is Remove).Select(call => call.At).ToList();
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses.Zip(pauses.Skip(1), (a, b) => (int)(b - a).TotalSeconds));
    }

    [Fact]
    public async Task A_nudge_cuts_the_pause_between_tries_short()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) => activity is Remove ? new(RequestStatus.Ended, null, 0) : new(RequestStatus.Ending, null, 7)
        ).NudgedAt(Noon.AddSeconds(3));
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Remove, Noon.AddSeconds(3))], context.Calls);
    }

    [Fact]
    public async Task A_long_history_is_cut_and_goes_on()
    {
        var context = new ScriptedContext(Noon, (_, _) => new(RequestStatus.Ending, null, 3));
        await context.RunAsync();
        Assert.True(context.ContinuedAsNew);
    }

    [Theory]
    [InlineData(RequestStatus.Approved, Activate)]
    [InlineData(RequestStatus.Activating, Activate)]
    [InlineData(RequestStatus.Ending, Remove)]
    public async Task Started_anew_in_any_status_it_goes_on_from_there(RequestStatus status, string next)
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) => activity is Read ? new(status, null, 0) : new(RequestStatus.Ended, null, 0)
        );
        await context.RunAsync();
        Assert.Equal([Read, next], context.Calls.Select(call => call.Activity));
    }

    [Fact]
    public async Task An_approved_request_waits_for_its_scheduled_start()
    {
        var start = Noon.AddDays(3);
        var context = new ScriptedContext(
            Noon,
            (activity, _) =>
                activity is Read ? new(RequestStatus.Approved, start, 0) : new(RequestStatus.Failed, null, 0)
        );
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Activate, start)], context.Calls);
    }

    [Fact]
    public async Task A_start_that_has_passed_before_the_approval_is_no_reason_to_wait()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) =>
                activity is Read
                    ? new(RequestStatus.Approved, Noon.AddHours(-1), 0)
                    : new(RequestStatus.Failed, null, 0)
        );
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Activate, Noon)], context.Calls);
    }

    [Fact]
    public async Task A_request_that_is_withdrawn_before_its_start_is_not_waited_for()
    {
        var context = new ScriptedContext(
            Noon,
            (_, now) =>
                now < Noon.AddHours(1)
                    ? new(RequestStatus.Approved, Noon.AddDays(3), 0)
                    : new(RequestStatus.Withdrawn, null, 0)
        ).NudgedAt(Noon.AddHours(1));
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Read, Noon.AddHours(1))], context.Calls);
    }

    [Fact]
    public async Task An_extended_grant_is_renewed_and_waited_for_anew()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, now) =>
                activity switch
                {
                    Read => new(RequestStatus.Active, Noon.AddMinutes(30), 0),
                    Renew => new(RequestStatus.Active, Noon.AddMinutes(60), 0),
                    _ => new(RequestStatus.Ended, null, 0),
                }
        ).NudgedAt(Noon.AddMinutes(20));
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Renew, Noon.AddMinutes(20)), (Expire, Noon.AddMinutes(60))], context.Calls);
    }

    [Fact]
    public async Task Skipped_approvers_are_notified_after_the_activation_and_a_failure_does_not_delay_the_end()
    {
        var context = new ScriptedContext(
            Noon,
            (activity, _) =>
                activity switch
                {
                    Read => new(RequestStatus.Approved, null, 0, OwesNotice: true),
                    Activate or Notify => new(RequestStatus.Active, Noon.AddMinutes(5), 0, OwesNotice: true),
                    _ => new(RequestStatus.Ended, null, 0, OwesNotice: true),
                }
        );
        await context.RunAsync();
        Assert.Equal([(Read, Noon), (Activate, Noon), (Notify, Noon), (Expire, Noon.AddMinutes(5))], context.Calls);
    }

    [Fact]
    public async Task A_final_request_needs_nothing()
    {
        var context = new ScriptedContext(Noon, (_, _) => new(RequestStatus.Denied, null, 0));
        await context.RunAsync();
        Assert.Equal(Read, Assert.Single(context.Calls).Activity);
    }

    private static LifecycleState Pending() => new(RequestStatus.Pending, Noon.AddHours(4), 0);
}
