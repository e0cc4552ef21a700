using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Notices;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Functions.Tests.Platform.Notifications;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Notices;

/// <summary>
/// Those who may approve are told what waits for them, whatever the receiver does, and nothing waits for that.
/// </summary>
public sealed class ReviewersTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IAsyncLifetime
{
    private static readonly Provenance ByAlice = new(new("https://issuer#a1", "alice@example.com"), "api", null);
    private static readonly TimeSpan LongerThanGrace = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private NotificationInbox _inbox = null!;
    private Notifier _notifier = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _inbox = await NotificationInbox.StartAsync(cancellation: Cancellation);
        _notifier = new(
            new() { Webhook = _inbox.Address, Secret = _inbox.Secret },
            TimeProvider.System,
            NullLogger<Notifier>.Instance
        );
    }

    public async ValueTask DisposeAsync()
    {
        _notifier.Dispose();
        await _inbox.DisposeAsync();
    }

    [Fact]
    public async Task What_was_not_taken_is_sent_again_with_the_same_id_until_it_is_and_then_no_more()
    {
        var id = await OpenAsync();
        var reviewers = Reviewers();
        _clock.Advance(LongerThanGrace);
        _inbox.Failing = true;
        await reviewers.TellAllAsync(Cancellation);
        await reviewers.TellAllAsync(Cancellation);
        Assert.Equal(
            [$"{id}-review-1", $"{id}-review-1"],
            _inbox.TurnedAway.Where(one => one.StartsWith(id, StringComparison.Ordinal))
        );

        _inbox.Failing = false;
        await reviewers.TellAllAsync(Cancellation);
        await reviewers.TellAllAsync(Cancellation);

        var notice = Assert.Single(_inbox.Messages, message => (string?)message["data"]!["request"] == id);
        Assert.Equal(("jit.review.requested", $"{id}-review-1"), ((string?)notice["type"], (string?)notice["id"]));
    }

    [Fact]
    public async Task A_notice_is_sent_at_once_without_delaying_the_caller()
    {
        var id = await OpenAsync();
        _inbox.Failing = true;

        Reviewers().BeginToTell(id);

        while (!_inbox.TurnedAway.Contains($"{id}-review-1"))
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        Assert.True(await IsOwedAsync(id));
    }

    [Fact]
    public async Task The_reconciler_leaves_what_has_just_begun_to_the_first_try()
    {
        var id = await OpenAsync();

        await Reviewers().TellAllAsync(Cancellation);

        Assert.DoesNotContain(_inbox.Messages, message => (string?)message["data"]!["request"] == id);
    }

    [Fact]
    public async Task What_was_decided_meanwhile_is_not_told()
    {
        var id = await OpenAsync();
        await using (var session = store.Documents.LightweightSession())
            await session.Handle(
                id,
                new AccessRequestCommand.Withdraw(new(ByAlice.Actor, []), null, _clock.GetUtcNow()),
                ByAlice,
                Cancellation
            );
        _clock.Advance(LongerThanGrace);

        await Reviewers().TellAllAsync(Cancellation);

        Assert.DoesNotContain(_inbox.Messages, message => (string?)message["data"]!["request"] == id);
    }

    [Fact]
    public async Task What_another_version_decided_is_owed_no_longer()
    {
        var id = await OpenAsync();
        await using (var session = store.Documents.LightweightSession())
        {
            var notice = await session.LoadAsync<ReviewNotice>(id, Cancellation);
            await session.Handle(
                id,
                new AccessRequestCommand.Withdraw(new(ByAlice.Actor, []), null, _clock.GetUtcNow()),
                ByAlice,
                Cancellation
            );
            await using var other = store.Documents.LightweightSession();
            other.Store(notice!);
            await other.SaveChangesAsync(Cancellation);
        }

        _clock.Advance(LongerThanGrace);

        await Reviewers().TellAllAsync(Cancellation);

        Assert.False(await IsOwedAsync(id));
        Assert.DoesNotContain(_inbox.Messages, message => (string?)message["data"]!["request"] == id);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_keeps_nobody_waiting()
    {
        await using var receiver = await Receiver.StartAsync();
        using var notifier = new Notifier(
            new() { Webhook = receiver.Address, Secret = _inbox.Secret },
            TimeProvider.System,
            NullLogger<Notifier>.Instance
        );
        var reviewers = new Reviewers(store.Documents, notifier, _clock, NullLogger<Reviewers>.Instance);
        var id = await OpenAsync();

        reviewers.BeginToTell(id);
        await receiver.Called;
        await using var session = store.Documents.LightweightSession();
        var outcome = await session.Handle(
            id,
            new AccessRequestCommand.Withdraw(new(ByAlice.Actor, []), null, _clock.GetUtcNow()),
            ByAlice,
            Cancellation
        );

        Assert.Equal(RequestStatus.Withdrawn, outcome.State!.Status);
    }

    [Fact]
    public async Task Without_a_webhook_nothing_is_sent_and_nothing_fails()
    {
        var id = await OpenAsync();
        using var silent = new Notifier(new(), TimeProvider.System, NullLogger<Notifier>.Instance);
        var reviewers = new Reviewers(store.Documents, silent, _clock, NullLogger<Reviewers>.Instance);
        _clock.Advance(LongerThanGrace);

        reviewers.BeginToTell(id);
        await reviewers.TellAllAsync(Cancellation);

        Assert.True(await IsOwedAsync(id));
    }

    // Each of these characters takes six bytes in JSON, and a receiver takes twenty thousand.
    [Theory]
    [InlineData('<')]
    [InlineData('é')]
    public async Task No_request_is_so_long_that_nobody_is_told_of_it(char filler)
    {
        var rule = new RbacRule(
            [""],
            ["pods"],
            ["get"],
            [.. Enumerable.Range(10, 50).Select(i => $"{i}{new string(filler, 251)}")]
        );
        var namespaces = Enumerable
            .Range(10, RequestForm.MostNamespaces)
            .Select(i => $"{i}{new string('n', 61)}")
            .ToList();
        var terms = new RequestTerms(
            new("production", namespaces, false, null, [rule]),
            TimeSpan.FromMinutes(5),
            new(filler, RequestForm.LongestReason),
            new(filler, RequestForm.LongestTicket)
        );
        IReadOnlyList<string> groups = [.. Enumerable.Range(10, 200).Select(i => $"{i}{new string(filler, 254)}")];
        IReadOnlyList<DangerousRight> dangers =
        [
            .. DangerousRights.Kinds.Select(kind => new DangerousRight(kind, DangerReach.Namespace, "…")),
        ];
        var id = await OpenAsync(terms, groups, dangers);
        _clock.Advance(LongerThanGrace);

        await Reviewers().TellAllAsync(Cancellation);

        var data = Assert.Single(_inbox.Messages, message => (string?)message["data"]!["request"] == id)["data"]!;
        Assert.Equal(("request", true), ((string?)data["about"], (bool)data["isShortened"]!));
        Assert.Equal(namespaces, data["namespaces"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(groups[0], (string?)data["approvers"]![0]!["groups"]![0]);
        Assert.StartsWith(new string(filler, 499), (string?)data["reason"], StringComparison.Ordinal);
        Assert.Equal(DangerousRights.Kinds, data["dangers"]!.AsArray().Select(kind => (string)kind!));
        Assert.Equal(0, _inbox.Refused);
    }

    [Fact]
    public async Task No_half_character_is_sent_where_a_reason_is_cut()
    {
        var terms = new RequestTerms(
            new("production", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(5),
            $"{new string('x', 499)}😀 and so on",
            null
        );
        var id = await OpenAsync(terms, ["leads"], []);
        _clock.Advance(LongerThanGrace);

        await Reviewers().TellAllAsync(Cancellation);

        Assert.Equal(
            $"{new string('x', 499)}…",
            (string?)
                Assert.Single(_inbox.Messages, message => (string?)message["data"]!["request"] == id)["data"]!["reason"]
        );
    }

    private Reviewers Reviewers() => new(store.Documents, _notifier, _clock, NullLogger<Reviewers>.Instance);

    private Task<string> OpenAsync() =>
        OpenAsync(
            new(
                new("production", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
                TimeSpan.FromMinutes(5),
                "why",
                null
            ),
            ["leads"],
            []
        );

    private async Task<string> OpenAsync(
        RequestTerms terms,
        IReadOnlyList<string> groups,
        IReadOnlyList<DangerousRight> dangers
    )
    {
        var id = RequestId.FromBytes(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12));
        var policy = new PolicySnapshot("reviewed", "sha256:00", false, groups, 1, TimeSpan.FromDays(30))
        {
            Requirements = [new(groups, 1)],
        };
        await using var session = store.Documents.LightweightSession();
        await session.Open(
            id,
            AccessRequestDecider.Open(
                new(ByAlice.Actor, []),
                terms,
                policy,
                terms.Scope.AdHocRights() ?? [],
                dangers,
                "fingerprint",
                _clock.GetUtcNow()
            ),
            ByAlice,
            Cancellation
        );
        return id;
    }

    private async Task<bool> IsOwedAsync(string id)
    {
        await using var session = store.Documents.QuerySession();
        return await session.LoadAsync<ReviewNotice>(id, Cancellation) is not null;
    }
}
