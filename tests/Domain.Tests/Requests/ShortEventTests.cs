using System.Text.Json;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>
/// Each command reads all events of its request: nobody can make these long by what they write into a cluster.
/// </summary>
public sealed class ShortEventTests
{
    private const int Longest = 4000;
    private static readonly string Long = new('x', 1_000_000);

    public static TheoryData<RequestStatus, AccessRequestCommand> Commands() =>
        new()
        {
            { RequestStatus.Active, Edit(Long) },
            {
                RequestStatus.Active,
                new ReportDrift(new(DriftKind.Stray, "payments", Long, Long, DriftRemedy.Removed), Noon)
            },
            { RequestStatus.Approved, new DecideActivation(new Eligibility.NotYet(Long), Noon) },
            { RequestStatus.Approved, new DecideActivation(new Eligibility.Refuse(Long), Noon) },
            {
                RequestStatus.Approved,
                new DecideActivation(new Eligibility.ReviewersLost([Bob.Principal.Subject], Long), Noon)
            },
            { RequestStatus.Activating, new DelayActivation(Long, Noon) },
            { RequestStatus.Activating, new AbandonActivation(Long, Noon) },
            { RequestStatus.Ending, new DelayRevocation(Long, Noon) },
            {
                RequestStatus.Ending,
                new ConfirmRevocation(
                    new(DenialVerdict.StillAllowed, Long, [new("payments", Long, Long, Long, null, null, null)]),
                    Noon
                )
            },
        };

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_event_is_short_whatever_a_cluster_says(RequestStatus status, AccessRequestCommand command)
    {
        var events = Assert.IsType<Decision.Accepted>(In(status).When(command)).Events;
        Assert.Each(events, e => Assert.InRange(JsonSerializer.Serialize(e, e.GetType()).Length, 1, Longest));
        Assert.NotEmpty(events);
    }

    [Fact]
    public void What_is_recorded_already_is_known_again_though_it_was_cut()
    {
        var edit = Edit(Long) with { Drift = Edit(Long).Drift with { Remedy = DriftRemedy.Reported } };
        In(RequestStatus.Active).Do(edit).ThenNothing(edit);
    }

    private static ReportDrift Edit(string detail) =>
        new(new(DriftKind.Edited, "payments", $"jit-{Id}", detail, DriftRemedy.Restored), Noon);
}
