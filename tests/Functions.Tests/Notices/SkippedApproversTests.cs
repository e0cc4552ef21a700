using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Notices;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.Functions.Tests.Notices;

public sealed class SkippedApproversTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private static readonly Provenance ByAlice = new(new("https://issuer#a1", "alice@example.com"), "api", null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each of these characters takes six bytes in JSON, and a receiver takes twenty thousand.
    [Theory]
    [InlineData("3f9k2m7xq0ab", '<')]
    [InlineData("3f9k2m7xq0ac", 'é')]
    public async Task No_request_is_so_long_that_nobody_is_told_of_it(string id, char filler)
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
        )
        {
            BreakGlass = true,
        };
        Assert.Empty(RequestForm.Check(new(terms.Scope, terms.Duration, terms.Reason, terms.Ticket)));
        await using var inbox = await NotificationInbox.StartAsync(cancellation: Cancellation);
        await OpenAsync(id, terms);

        var request = await TellAsync(inbox, id);

        Assert.True(request.PostReview!.IsNotified);
        var data = Assert.Single(inbox.Messages)["data"]!;
        Assert.Equal(id, (string?)data["request"]);
        Assert.Equal("alice@example.com", (string?)data["requester"]);
        Assert.Equal(terms.Reason, (string?)data["reason"]);
        Assert.StartsWith("get pods (10", (string?)data["rights"], StringComparison.Ordinal);
        Assert.Equal("security", (string?)data["skippedApprovers"]![0]!["groups"]![0]);
    }

    private async Task OpenAsync(string id, RequestTerms terms)
    {
        var policy = new PolicySnapshot("emergency", "sha256:00", false, ["security"], 1, TimeSpan.FromHours(4))
        {
            Requirements = [new(["security"], 1)],
            ReviewWithin = TimeSpan.FromDays(1),
        };
        // Its activation hangs, so that the notice is due without it.
        var approvedAt = TimeProvider.System.GetUtcNow() - NoticeRule.LongestWait;
        await using var session = store.Documents.LightweightSession();
        await session.Open(
            id,
            AccessRequestDecider.Open(
                new(ByAlice.Actor, []),
                terms,
                policy,
                terms.Scope.AdHocRights()!,
                [],
                "fingerprint",
                approvedAt
            ),
            ByAlice,
            Cancellation
        );
    }

    private async Task<AccessRequest> TellAsync(NotificationInbox inbox, string id)
    {
        using var notifier = new Notifier(
            new() { Webhook = inbox.Address, Secret = inbox.Secret },
            TimeProvider.System,
            NullLogger<Notifier>.Instance
        );
        var approvers = new SkippedApprovers(
            new SystemCommands(store.Documents),
            notifier,
            TimeProvider.System,
            NullLogger<SkippedApprovers>.Instance
        );
        return await approvers.TryTellAsync(id, ByAlice, Cancellation);
    }
}
