using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Reconciliation;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Tests.Reconciliation;

public sealed class GrantLatenessTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly RequestDetails Request = new(
        "3f9k2m7xq0ab",
        1,
        RequestStatus.Pending,
        new("issuer#alice", "alice"),
        new(
            new Scope("demo", ["payments"], false, new(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        ),
        new PolicySnapshot("p", "v", false, ["leads"], 1, TimeSpan.FromHours(4)),
        Noon,
        Noon.AddHours(4)
    );

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void A_grant_past_its_expiry_is_ended_by_the_reconciler_itself_after_a_grace(int seconds, bool overdue)
    {
        var active = Request with { Status = RequestStatus.Active, ExpiresAt = Noon };
        Assert.Equal(overdue, LiveRequest.Of(active).OutlivesExpiry(Noon.AddSeconds(seconds)));
        Assert.Equal(overdue, LiveRequest.Of(active).IsStuck(Noon.AddSeconds(seconds)));
    }

    [Fact]
    public void An_ending_in_trouble_is_left_to_the_orchestration_only_as_long_as_its_longest_pause()
    {
        var ending = Request with
        {
            Status = RequestStatus.Ending,
            Ending = new(EndingCause.Expired, Principal.System, null, Noon),
            Trouble = new("revocation-delayed", "away", 9, AlarmLevel.Error, Noon, Latest: Noon.AddMinutes(20)),
        };
        Assert.False(LiveRequest.Of(ending).OutlivesExpiry(Noon.AddMinutes(21)));
        Assert.True(LiveRequest.Of(ending).OutlivesExpiry(Noon.AddMinutes(22)));
        Assert.True(LiveRequest.Of(ending with { Trouble = null }).OutlivesExpiry(Noon.AddMinutes(1)));
    }

    [Theory]
    [InlineData(RequestStatus.Approved)]
    [InlineData(RequestStatus.Activating)]
    public void An_activation_past_its_window_is_given_up_by_the_reconciler_even_in_trouble(RequestStatus status)
    {
        var late = Request with
        {
            Status = status,
            ActivateBy = Noon,
            Trouble = new("activation-delayed", "away", 9, AlarmLevel.Warning, Noon, Latest: Noon.AddHours(1)),
        };
        Assert.False(LiveRequest.Of(late).OutlivesExpiry(Noon));
        Assert.True(LiveRequest.Of(late).OutlivesExpiry(Noon.AddSeconds(11)));
    }

    [Fact]
    public void A_pending_request_holds_no_rights_and_is_only_nudged()
    {
        Assert.False(LiveRequest.Of(Request).OutlivesExpiry(Noon.AddDays(1)));
        Assert.False(LiveRequest.Of(Request).IsStuck(Noon.AddHours(4)));
        Assert.True(LiveRequest.Of(Request).IsStuck(Noon.AddHours(4).AddSeconds(11)));
    }

    [Fact]
    public void A_request_made_a_moment_ago_is_not_started_a_second_time()
    {
        Assert.False(LiveRequest.Of(Request).IsOlderThanGrace(Noon.AddSeconds(10)));
        Assert.True(LiveRequest.Of(Request).IsOlderThanGrace(Noon.AddSeconds(11)));
    }

    [Fact]
    public void A_request_that_waits_for_its_scheduled_start_is_not_stuck()
    {
        var approved = Request with
        {
            Status = RequestStatus.Approved,
            ApprovedAt = Noon,
            ActivateBy = Noon.AddDays(3).AddHours(1),
            Terms = Request.Terms with { Start = Noon.AddDays(3) },
        };
        Assert.False(LiveRequest.Of(approved).IsStuck(Noon.AddDays(2)));
        Assert.False(LiveRequest.Of(approved).OutlivesExpiry(Noon.AddDays(2)));
        Assert.True(LiveRequest.Of(approved).IsStuck(Noon.AddDays(3).AddMinutes(1)));
    }
}
