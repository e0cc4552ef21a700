using JitFunctions.Domain.Policies;
using JitFunctions.Functions.Policies;
using JitFunctions.PolicyReading;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PublishedPoliciesTests : IAsyncLifetime
{
    private readonly EventStoreFixture _store = new();
    private readonly FakeTimeProvider _clock = new(new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Source _source = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_source_that_does_not_answer_keeps_nobody_waiting()
    {
        using var policies = Node();
        Assert.Equal(["admins"], (await policies.GetAsync(Cancellation)).Administrators);

        _source.Answer = new();
        var publishing = policies.PublishAsync(Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(
            ["admins"],
            (await policies.GetAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(3), Cancellation)).Administrators
        );

        Assert.False(publishing.IsCompleted);
        _source.Answer.SetResult("administrators: [others]\npolicies: []\n");
        await publishing;
        Assert.Equal(["others"], (await policies.GetAsync(Cancellation)).Administrators);
    }

    [Fact]
    public async Task A_source_that_is_away_at_the_start_is_asked_once_where_policies_are_in_force()
    {
        using (var first = Node())
            await first.PublishAsync(Cancellation);

        _source.Answer = new();
        _source.Answer.SetException(new PolicySourceException("away"));
        _source.Calls = 0;
        using var second = Node();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["admins"], (await second.GetAsync(Cancellation)).Administrators);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task Without_any_in_force_the_source_is_asked_each_time()
    {
        _source.Answer = new();
        _source.Answer.SetException(new PolicySourceException("away"));
        using var policies = Node();
        await Assert.ThrowsAsync<NoPoliciesException>(() => policies.GetAsync(Cancellation));

        _source.Answer = null;
        Assert.Equal(["admins"], (await policies.GetAsync(Cancellation)).Administrators);
    }

    [Fact]
    public async Task A_version_that_was_valid_when_it_was_published_and_is_not_here_is_none()
    {
        await using (var session = _store.Documents.LightweightSession())
        {
            session.Events.StartStream(
                PolicyEvent.Stream,
                new PolicyEvent.Published(
                    "sha256:other",
                    [new("a.yaml", "policies: [{ unheard: of }]")],
                    "somebody",
                    "elsewhere",
                    [],
                    _clock.GetUtcNow()
                )
            );
            await session.SaveChangesAsync(Cancellation);
        }

        _source.Answer = new();
        _source.Answer.SetException(new PolicySourceException("away"));
        using var policies = Node();
        await Assert.ThrowsAsync<NoPoliciesException>(() => policies.GetAsync(Cancellation));
        Assert.Null(await policies.OfVersionAsync("sha256:other", Cancellation));
        Assert.Null(await policies.OfVersionAsync("sha256:never", Cancellation));
    }

    private PublishedPolicies Node() =>
        new(
            _store.Documents,
            new PolicyPublisher(_store.Documents, _source, _clock, NullLogger<PolicyPublisher>.Instance),
            _clock,
            NullLogger<PublishedPolicies>.Instance
        );

    private sealed class Source : PolicySource
    {
        public TaskCompletionSource<string>? Answer { get; set; }

        public int Calls { get; set; }

        public override string Name => "test";

        public override async Task<PolicySourceText> ReadAsync(CancellationToken cancellation)
        {
            Calls++;
            return Found(
                [new("a.yaml", Answer is null ? "administrators: [admins]\npolicies: []\n" : await Answer.Task)],
                null
            );
        }
    }
}
