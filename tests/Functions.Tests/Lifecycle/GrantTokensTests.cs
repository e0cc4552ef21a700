using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Lifecycle;

public sealed class GrantTokensTests
{
    private const string Id = "3f9k2m7xq0ab";
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);

    [Theory]
    [InlineData(0, true)]
    [InlineData(480, true)] // two minutes are left
    [InlineData(481, false)]
    [InlineData(600, false)]
    public void A_token_is_handed_out_again_while_it_lasts_for_two_minutes(int seconds, bool again)
    {
        var tokens = new GrantTokens(_clock);
        tokens.Keep(Id, Token(Noon.AddMinutes(10)));
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(again, tokens.Find(Active(Noon.AddHours(1))) is not null);
    }

    [Fact]
    public void A_token_that_lasts_until_the_grants_end_is_reused_until_then()
    {
        var tokens = new GrantTokens(_clock);
        tokens.Keep(Id, Token(Noon.AddMinutes(10)));
        _clock.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(tokens.Find(Active(Noon.AddMinutes(10))));
        Assert.Null(tokens.Find(Active(Noon.AddMinutes(11))));
    }

    [Fact]
    public async Task Who_asks_while_one_is_under_way_gets_the_same_and_a_failure_is_not_kept()
    {
        var (tokens, issued, goes) = (new GrantTokens(_clock), 0, new TaskCompletionSource());
        var asked = Enumerable
            .Range(0, 100)
            .Select(_ => tokens.IssueAsync(Id, IssueAsync, TestContext.Current.CancellationToken))
            .ToList();
        goes.SetResult();

        var answers = await Task.WhenAll(asked);
        Assert.Equal(1, issued);
        Assert.Each(answers, answer => Assert.Equal(Rejection.CredentialGone, answer.Why));

        await tokens.IssueAsync(Id, IssueAsync, TestContext.Current.CancellationToken);
        Assert.Equal(2, issued);

        async Task<(BoundToken?, Rejection?)> IssueAsync()
        {
            Interlocked.Increment(ref issued);
            await goes.Task;
            return (null, Rejection.CredentialGone);
        }
    }

    [Fact]
    public void A_token_does_not_show_where_somebody_logs_what_holds_it() =>
        Assert.DoesNotContain("the-token", $"{Token(Noon)}", StringComparison.Ordinal);

    private static BoundToken Token(DateTimeOffset endsAt) => new("the-token", endsAt, "account", "secret");

    private static AccessRequest Active(DateTimeOffset expiresAt)
    {
        var terms = new RequestTerms(
            new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
            expiresAt - Noon,
            "why",
            null
        );
        var policy = new PolicySnapshot("p", "sha256:00", true, [], 0, TimeSpan.FromHours(4))
        {
            Enforcement = Enforcement.Ephemeral,
        };
        return new(
            Id,
            new Principal("issuer#a", "alice@example.com"),
            [],
            terms,
            policy,
            Noon.AddHours(4),
            "f",
            RequestStatus.Active
        )
        {
            ActivatedAt = Noon,
            ExpiresAt = expiresAt,
            ServiceAccount = ServiceAccountRef.For(Id, "jit-access"),
        };
    }
}
