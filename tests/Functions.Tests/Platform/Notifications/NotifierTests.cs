using System.Text;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.LocalStack;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Platform.Notifications;

/// <summary>
/// What leaves the app, read by a receiver that knows the specification only; and what becomes of notices that nobody
/// takes.
/// </summary>
public sealed class NotifierTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly object Data = new
    {
        Status = RequestStatus.Active,
        Duration = TimeSpan.FromMinutes(90),
        Nothing = (string?)null,
    };

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly LogLines<Notifier> _log = new();
    private NotificationInbox _inbox = null!;
    private Receiver _receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _inbox = await NotificationInbox.StartAsync(_clock, Cancellation);
        _receiver = await Receiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _inbox.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_notice_is_signed_and_in_the_JSON_of_the_API()
    {
        using var notifier = ToInbox();
        Assert.True(notifier.IsConfigured);
        Assert.Null(await notifier.SendAsync("3f9k2m7xq0ab-4", "request.activated", Data, Cancellation));
        Assert.True(
            JsonNode.DeepEquals(
                new JsonObject
                {
                    ["type"] = "request.activated",
                    ["timestamp"] = "2026-11-23T12:00:00+00:00",
                    ["data"] = new JsonObject { ["status"] = "active", ["duration"] = "1h30m" },
                    ["id"] = "3f9k2m7xq0ab-4",
                },
                Assert.Single(_inbox.Messages)
            )
        );
    }

    [Fact]
    public async Task Another_attempt_has_the_same_id_and_a_time_of_its_own()
    {
        using var notifier = ToInbox();
        _inbox.Failing = true;
        Assert.Equal(
            "The receiver answered 503.",
            await notifier.SendAsync("one", "request.ended", Data, Cancellation)
        );
        Assert.Empty(_inbox.Messages);

        _inbox.Failing = false;
        _clock.Advance(TimeSpan.FromHours(10)); // the time of the first attempt would be too old
        Assert.Null(await notifier.SendAsync("one", "request.ended", Data, Cancellation));
        Assert.Equal("one", (string?)Assert.Single(_inbox.Messages)["id"]);
        Assert.Equal(0, _inbox.Refused);
    }

    [Fact]
    public async Task The_inbox_takes_nothing_that_is_signed_with_another_secret()
    {
        using var notifier = To(_inbox.Address, Secret);
        Assert.Equal(
            "The receiver answered 401.",
            await notifier.SendAsync("one", "request.ended", Data, Cancellation)
        );
        Assert.Equal((0, 1), (_inbox.Messages.Count, _inbox.Refused));
    }

    [Fact]
    public async Task The_inbox_takes_nothing_that_is_old()
    {
        var later = new FakeTimeProvider(Noon.AddMinutes(6));
        await using var inbox = await NotificationInbox.StartAsync(later, Cancellation);
        using var notifier = To(inbox.Address, inbox.Secret);
        Assert.Equal(
            "The receiver answered 401.",
            await notifier.SendAsync("one", "request.ended", Data, Cancellation)
        );
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(307, false)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(500, false)]
    public async Task Only_success_counts_and_no_redirect_is_followed(int status, bool taken)
    {
        _receiver.Status = status;
        using var notifier = To(_receiver.Address);
        Assert.Equal(
            taken ? null : $"The receiver answered {status}.",
            await notifier.SendAsync("one", "request.ended", Data, Cancellation)
        );
        Assert.Equal(1, _receiver.Calls);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up()
    {
        using var notifier = To(_receiver.Address);
        var sending = notifier.SendAsync("one", "request.ended", Data, Cancellation);
        await _receiver.Called.WaitAsync(Cancellation);
        _clock.Advance(Notifier.CallTimeout - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("The receiver did not answer within 15 s.", await sending);
    }

    [Fact]
    public async Task Whoever_sends_may_give_up()
    {
        using var notifier = To(_receiver.Address);
        using var gone = new CancellationTokenSource();
        var sending = notifier.SendAsync("one", "request.ended", Data, gone.Token);
        await _receiver.Called.WaitAsync(Cancellation);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task What_cannot_be_reached_is_not_named()
    {
        // Of no server, and nobody else makes one there.
        using var notifier = To(new($"http://127.0.0.1:{FreePort.Next()}/hidden?key=hunter2"));
        var why = await notifier.SendAsync("one", "request.ended", Data, Cancellation);
        Assert.Equal("The receiver cannot be reached (ConnectionError).", why);
        var line = Assert.Single(_log.Lines);
        Assert.Contains("one (request.ended)", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[6..], line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_notice_has_a_largest_size(int tooMany)
    {
        using var notifier = ToInbox();
        var empty = Encoding.UTF8.GetByteCount(
            """{"type":"request.ended","timestamp":"2026-11-23T12:00:00+00:00","data":{"text":""}}"""
        );
        var why = await notifier.SendAsync(
            "one",
            "request.ended",
            new { Text = new string('x', Notifier.LargestBody - empty + tooMany) },
            Cancellation
        );
        Assert.Equal(
            tooMany == 0 ? null : "The notice has 20481 bytes, but a receiver need not accept more than 20480.",
            why
        );
        Assert.Equal((1 - tooMany, 0), (_inbox.Messages.Count, _inbox.Refused));
    }

    [Theory]
    [InlineData("", "request.ended")]
    [InlineData("one.two", "request.ended")] // would let a part of the id pass for the time
    [InlineData("one two", "request.ended")]
    [InlineData("one\r\nx: y", "request.ended")]
    [InlineData("eins-ß", "request.ended")]
    [InlineData("one", "")]
    [InlineData("one", "request-ended")]
    [InlineData("one", "request..ended")]
    [InlineData("one", "request.ended\n")]
    public async Task An_id_or_a_type_that_is_none_is_the_callers_mistake(string id, string type)
    {
        using var notifier = ToInbox();
        await Assert.ThrowsAsync<ArgumentException>(() => notifier.SendAsync(id, type, Data, Cancellation));
    }

    [Fact]
    public async Task Without_a_webhook_nobody_is_told()
    {
        using var notifier = new Notifier(new(), _clock, _log);
        Assert.False(notifier.IsConfigured);
        Assert.Equal("No webhook is configured.", await notifier.SendAsync("one", "request.ended", Data, Cancellation));
    }

    private Notifier ToInbox() => To(_inbox.Address, _inbox.Secret);

    private Notifier To(Uri webhook, string secret = Secret) =>
        new(new() { Webhook = webhook, Secret = secret }, _clock, _log);
}
