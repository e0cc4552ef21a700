using Azure.Core;
using Azure.Identity;
using JitFunctions.Functions.Platform.AppIdentity;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

public sealed class CachingCredentialTests
{
    private static readonly TokenRequestContext Database = new(["https://db.example.com/.default"]);
    private readonly FakeTimeProvider _clock = new(new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero));
    private readonly ScriptedCredential _endpoint;
    private readonly CachingCredential _credential;

    public CachingCredentialTests()
    {
        _endpoint = new(_clock);
        _credential = new(_endpoint, _clock);
    }

    [Fact]
    public async Task Two_hundred_at_once_ask_once_and_all_have_the_answer()
    {
        _endpoint.Hold();
        var calls = Enumerable.Range(0, 200).Select(_ => AskAsync()).ToList();
        await UntilAsync(() => _endpoint.Calls == 1);
        _endpoint.Release();
        Assert.Equal(["token 1"], (await Task.WhenAll(calls)).Distinct());
        Assert.Equal(1, _endpoint.Calls);
    }

    [Fact]
    public async Task Each_scope_has_a_token_of_its_own()
    {
        Assert.Equal("token 1", await AskAsync());
        Assert.Equal(
            "token 2",
            (
                await _credential.GetTokenAsync(
                    new(["https://graph.example.com/.default"]),
                    TestContext.Current.CancellationToken
                )
            ).Token
        );
        Assert.Equal("token 1", await AskAsync());
    }

    [Fact]
    public async Task Near_its_end_a_token_is_renewed_while_callers_go_on_with_it()
    {
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(54.9));
        Assert.Equal("token 1", await AskAsync());
        Assert.Equal(1, _endpoint.Calls);

        _clock.Advance(TimeSpan.FromMinutes(0.2));
        _endpoint.Hold();
        Assert.Each(
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AskAsync())),
            token => Assert.Equal("token 1", token)
        );
        await UntilAsync(() => _endpoint.Calls == 2);
        _endpoint.Release();
        await UntilAsync(async () => await AskAsync() == "token 2");
        Assert.Equal(2, _endpoint.Calls);
    }

    [Fact]
    public async Task A_token_that_says_when_to_renew_it_is_renewed_then()
    {
        _endpoint.RenewAfter = TimeSpan.FromMinutes(30);
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("token 1", await AskAsync());
        await UntilAsync(async () => await AskAsync() == "token 2");
    }

    [Fact]
    public async Task While_the_endpoint_is_away_a_good_token_goes_on_and_the_endpoint_is_not_pestered()
    {
        await AskAsync();
        _clock.Advance(TimeSpan.FromMinutes(56));
        _endpoint.Away = true;
        for (var i = 0; i < 50; i++)
            Assert.Equal("token 1", await AskAsync());
        await UntilAsync(() => _endpoint.Calls == 2);

        _clock.Advance(CachingCredential.Pause);
        // The failure of the try before may not have arrived yet.
        await UntilAsync(async () => await AskAsync() == "token 1" && _endpoint.Calls == 3);

        _endpoint.Away = false;
        _clock.Advance(CachingCredential.Pause);
        await UntilAsync(async () => await AskAsync() == "token 4");
    }

    [Fact]
    public async Task A_token_that_has_ended_is_never_given_out_even_if_there_is_no_other()
    {
        await AskAsync();
        _endpoint.Away = true;
        _clock.Advance(TimeSpan.FromHours(1) - CachingCredential.Margin);
        await Assert.ThrowsAnyAsync<AuthenticationFailedException>(AskAsync);
        _endpoint.Away = false;
        Assert.Equal("token 3", await AskAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_endpoint_that_keeps_silent_is_given_up_and_asked_again_by_the_next_call(bool deaf)
    {
        _endpoint.Deaf = deaf;
        _endpoint.Hold();
        var call = AskAsync();
        await UntilAsync(() => _endpoint.Calls == 1);
        await UntilAsync(() =>
        {
            _clock.Advance(CachingCredential.CallTimeLimit);
            return call.IsCompleted;
        });
        await Assert.ThrowsAsync<AuthenticationFailedException>(() => call);
        _endpoint.Resume();
        _clock.Advance(CachingCredential.LongestTry);
        await UntilAsync(async () =>
        {
            try
            {
                return await AskAsync() == "token 2";
            }
            catch (AuthenticationFailedException)
            {
                return false; // the first try, which is just being given up
            }
        });
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_others_waiting()
    {
        _endpoint.Hold();
        using var impatient = new CancellationTokenSource();
        var first = _credential.GetTokenAsync(Database, impatient.Token).AsTask();
        var second = AskAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _endpoint.Release();
        Assert.Equal("token 1", await second);
    }

    [Fact]
    public async Task A_challenge_is_answered_with_another_token()
    {
        await AskAsync();
        var challenged = new TokenRequestContext(
            Database.Scopes,
            claims: """{"access_token":{"nbf":{"essential":true}}}"""
        );
        Assert.Equal(
            "token 2",
            (await _credential.GetTokenAsync(challenged, TestContext.Current.CancellationToken)).Token
        );
    }

    [Fact]
    public void Callers_that_cannot_wait_asynchronously_have_the_same_token()
    {
        Assert.Equal("token 1", _credential.GetToken(Database, TestContext.Current.CancellationToken).Token);
        Assert.Equal("token 1", _credential.GetToken(Database, TestContext.Current.CancellationToken).Token);
    }

    private async Task<string> AskAsync() =>
        (await _credential.GetTokenAsync(Database, TestContext.Current.CancellationToken)).Token;

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    private sealed class ScriptedCredential(TimeProvider clock) : TokenCredential
    {
        private TaskCompletionSource? _held;
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public bool Away { get; set; }

        /// <summary>Goes on waiting when it is told to stop.</summary>
        public bool Deaf { get; set; }

        public TimeSpan? RenewAfter { get; set; }

        public void Hold() => _held = new();

        public void Release() => _held!.SetResult();

        public void Resume() => _held = null;

        public override async ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        )
        {
            var call = Interlocked.Increment(ref _calls);
            if (_held is { } held)
                await held.Task.WaitAsync(Deaf ? CancellationToken.None : cancellationToken);
            if (Away)
                throw new CredentialUnavailableException("away");
            return new($"token {call}", clock.GetUtcNow() + TimeSpan.FromHours(1), clock.GetUtcNow() + RenewAfter);
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
