using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class CommandPrecedenceTests
{
    private static readonly Drift Missing = new(DriftKind.Missing, "payments", "jit", "gone", DriftRemedy.Reported);

    private static readonly AccessRequestCommand[] Ending =
    [
        new Withdraw(Alice, null, Noon),
        new Relinquish(Alice, null, Noon),
        new Revoke(Bob, null, Noon),
        new Review(Bob, Verdict.Deny, Seen, null, Noon),
        new Lapse(Noon),
        new Expire(Noon),
        new AbandonActivation("gone", Noon),
        new DelayRevocation("away", Noon),
        new ConfirmRevocation(DeniedProof, Noon),
    ];

    private static readonly AccessRequestCommand[] Others =
    [
        new Review(Bob, Verdict.Approve, Seen, null, Noon),
        new Extend(Alice, TimeSpan.FromMinutes(5), "more", null, Noon),
        new IssueCredential(Alice, Noon),
        new DecideActivation(new Eligibility.Go(Seen), Noon),
        new ConfirmActivation(Noon.AddMinutes(30), [Binding], Noon),
        new DelayActivation("away", Noon),
        new ReportDrift(Missing, Noon),
        new CompareRights([], Noon),
        new RecordFirstUse(Noon, "5e1f", "read pod payments/web-1", Noon),
        new ConfirmNotification([], Noon),
        new MarkReviewOverdue(Noon),
    ];

    [Fact]
    public void Commands_that_take_away_rights_or_the_chance_to_get_them_take_precedence()
    {
        Assert.Each(Ending, command => Assert.True(command.EndsSomething, $"{command}"));
        Assert.Each(Others, command => Assert.False(command.EndsSomething, $"{command}"));
    }

    [Fact]
    public void Each_command_is_among_these() =>
        Assert.Equal(
            typeof(AccessRequestCommand)
                .GetNestedTypes()
                .Where(type => type.IsSubclassOf(typeof(AccessRequestCommand)))
                .Select(type => type.Name)
                .Order(),
            Ending.Concat(Others).Select(command => command.GetType().Name).Distinct().Order()
        );
}
