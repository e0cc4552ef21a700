using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class SealTests
{
    private static readonly DateTimeOffset Later = Noon.AddHours(1);

    internal static readonly DossierSeal Facts = new(
        string.Empty,
        new(3, 1, 0, 2, 1, 0),
        new(Noon, "00aa"),
        new(Noon.AddMinutes(1), "00bb"),
        "root",
        Later,
        Noon,
        [new(SealGapKind.FeedStopped, "stopped", Noon, Later)],
        [new(ResidualKind.Binding, ResidualCertainty.Certain, "payments/own", null, Noon)],
        1,
        new(7, "log root")
    );

    [Theory]
    [InlineData(RequestStatus.Pending)]
    [InlineData(RequestStatus.Approved)]
    [InlineData(RequestStatus.Activating)]
    [InlineData(RequestStatus.Active)]
    [InlineData(RequestStatus.Ending)]
    [InlineData(RequestStatus.Denied)]
    [InlineData(RequestStatus.Lapsed)]
    [InlineData(RequestStatus.Withdrawn)]
    public void What_has_no_proven_end_is_not_sealed(RequestStatus status) =>
        In(status).ThenNothing(new SealDossier(Facts, Later));

    [Fact]
    public void An_ended_grant_is_sealed_once()
    {
        var given = In(RequestStatus.Ended).Do(new SealDossier(Facts, Later));
        Assert.Equal(64, given.State.Seal!.Digest.Length);
        given.ThenNothing(new SealDossier(Facts, Later.AddHours(1)));
    }

    [Fact]
    public void Nothing_but_reviews_follows_a_seal_and_they_name_it()
    {
        var given = BreakGlass()
            .Begin()
            .Confirm()
            .Do(new Relinquish(Alice, null, Noon))
            .Do(new ConfirmRevocation(DeniedProof, Noon))
            .Do(new SealDossier(Facts, Later));
        var seal = given.State.Seal!.Digest;

        var drift = new Drift(DriftKind.Stray, "payments", Binding.Name, "again", DriftRemedy.Removed);
        Assert.Equal("sealed", Refused(given.When(new ReportDrift(drift, Later))));
        Assert.Equal("sealed", Refused(given.When(new RecordFirstUse(Later, "00cc", "read", Later))));

        var reviewed = Assert.IsType<Decision.Accepted>(given.When(given.Approval(Bob))).Events;
        Assert.Equal(seal, reviewed.OfType<BreakGlassReviewed>().Single().Seal);
        Assert.Equal(seal, reviewed.OfType<BreakGlassConcluded>().Single().Seal);
        var overdue = Assert.IsType<Decision.Accepted>(given.When(new MarkReviewOverdue(Noon.AddDays(2)))).Events;
        Assert.Equal(seal, Assert.IsType<ReviewOverdue>(Assert.Single(overdue)).Seal);
    }

    [Fact]
    public void The_digest_depends_on_every_part_of_the_seal()
    {
        DossierSeal[] different =
        [
            Facts,
            Facts with
            {
                Actions = Facts.Actions with { Attempts = 2 },
            },
            Facts with
            {
                First = null,
            },
            Facts with
            {
                Last = null,
            },
            Facts with
            {
                ActionsRoot = "other",
            },
            Facts with
            {
                ReceivedUntil = Later.AddTicks(10),
            },
            Facts with
            {
                FirstUseAt = null,
            },
            Facts with
            {
                Gaps = [],
            },
            Facts with
            {
                Remains = [],
            },
            Facts with
            {
                RemainsCount = 2,
            },
            Facts with
            {
                Log = null,
            },
        ];
        Assert.Distinct(different.Select(one => one.For(Id).Digest));
        Assert.NotEqual(Facts.For(Id).Digest, Facts.For("000000000000").Digest);
    }

    private static string Refused(Decision decision) => Assert.IsType<Decision.Rejected>(decision).Why.Code;
}
