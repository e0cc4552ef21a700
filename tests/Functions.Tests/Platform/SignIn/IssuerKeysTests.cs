using JitFunctions.Functions.Platform.SignIn;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Tests.Platform.SignIn;

/// <summary>When the issuer is asked for its keys, and what holds while it does not answer.</summary>
public sealed class IssuerKeysTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    private readonly FakeTimeProvider _clock = new(Noon);
    private TestIssuer _issuer = null!;
    private IssuerKeys _keys = null!;
    private TokenValidator _validator = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        var options = new AuthenticationOptions
        {
            Authority = _issuer.Authority,
            Audience = "jit",
            RequireHttps = false,
        };
        _keys = new IssuerKeys(options, _clock, NullLogger<IssuerKeys>.Instance);
        _validator = new TokenValidator(options, _keys, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Many_at_once_ask_the_issuer_once()
    {
        var token = _issuer.Token(Noon);
        Assert.Each(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => IsGoodAsync(token))), Assert.True);
        Assert.Equal(1, _issuer.TimesAsked);
    }

    [Fact]
    public async Task The_first_token_of_a_new_key_is_believed()
    {
        Assert.True(await IsGoodAsync(_issuer.Token(Noon)));
        _clock.Advance(IssuerKeys.LeastPause);
        _issuer.Rotate();
        Assert.True(await IsGoodAsync(_issuer.Token(Noon)));
        Assert.Equal(2, _issuer.TimesAsked);
    }

    [Fact]
    public async Task A_new_key_right_after_the_keys_were_read_is_believed_when_the_pause_is_over()
    {
        Assert.True(await IsGoodAsync(_issuer.Token(Noon)));
        _issuer.Rotate();
        Assert.False(await IsGoodAsync(_issuer.Token(Noon)));
        _clock.Advance(IssuerKeys.LeastPause);
        Assert.True(await IsGoodAsync(_issuer.Token(Noon)));
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_make_the_issuer_be_asked_once_in_a_pause()
    {
        Assert.True(await IsGoodAsync(_issuer.Token(Noon)));
        for (var pause = 1; pause <= 3; pause++)
        {
            _clock.Advance(IssuerKeys.LeastPause);
            var forged = Enumerable
                .Range(0, 20)
                .Select(_ => IsGoodAsync(_issuer.Sign(new(TestIssuer.NewKey(), SecurityAlgorithms.EcdsaSha256), Noon)));
            Assert.Each(await Task.WhenAll(forged), Assert.False);
            Assert.Equal(1 + pause, _issuer.TimesAsked);
        }
    }

    [Fact]
    public async Task A_key_that_the_issuer_withdraws_is_believed_no_longer_than_the_keys_are_good_for()
    {
        var token = _issuer.Token(Noon);
        Assert.True(await IsGoodAsync(token));
        _issuer.Rotate();
        _clock.Advance(IssuerKeys.GoodFor - TimeSpan.FromSeconds(1));
        Assert.True(await IsGoodAsync(token));
        Assert.Equal(1, _issuer.TimesAsked);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(async () => !await IsGoodAsync(token));
    }

    [Fact]
    public async Task While_the_issuer_is_unreachable_its_last_keys_are_used_and_unknown_keys_are_indeterminate()
    {
        var token = _issuer.Token(Noon);
        Assert.True(await IsGoodAsync(token));
        _issuer.Fails = true;
        _clock.Advance(IssuerKeys.GoodFor);
        Assert.True(await IsGoodAsync(token));
        await UntilAsync(() => Task.FromResult(_issuer.TimesAsked == 2));
        Assert.True(await IsGoodAsync(token));

        var forged = _issuer.Sign(new(TestIssuer.NewKey(), SecurityAlgorithms.EcdsaSha256), Noon);
        await Assert.ThrowsAsync<IssuerUnavailableException>(() => IsGoodAsync(forged));
    }

    [Fact]
    public async Task An_issuer_that_fails_is_asked_again_after_the_pause()
    {
        _issuer.Fails = true;
        var token = _issuer.Token(Noon);
        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<IssuerUnavailableException>(() => IsGoodAsync(token));
        Assert.Equal(1, _issuer.TimesAsked);

        _issuer.Fails = false;
        _clock.Advance(IssuerKeys.LeastPause);
        Assert.True(await IsGoodAsync(token));
    }

    [Fact]
    public async Task An_issuer_that_hangs_is_given_up()
    {
        _issuer.Hangs = true;
        await Assert.ThrowsAsync<IssuerUnavailableException>(() =>
            IsGoodAsync(_issuer.Token(Noon)).WaitAsync(TimeLimit, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_caller_that_hangs_up_does_not_wait_for_an_issuer_that_hangs()
    {
        _issuer.Hangs = true;
        using var gone = new CancellationTokenSource();
        var waiting = _validator.ValidateAsync(_issuer.Token(Noon), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task An_issuer_without_a_name_is_none()
    {
        _issuer.Name = string.Empty;
        await Assert.ThrowsAsync<IssuerUnavailableException>(() => IsGoodAsync(_issuer.Token(Noon)));
    }

    [Fact]
    public async Task Keys_come_by_https_unless_the_issuer_is_on_this_machine()
    {
        var options = new AuthenticationOptions { Authority = _issuer.Authority, Audience = "jit" };
        using var keys = new IssuerKeys(options, _clock, NullLogger<IssuerKeys>.Instance);
        await Assert.ThrowsAsync<IssuerUnavailableException>(() =>
            keys.GetAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(0, _issuer.TimesAsked);
    }

    private async Task<bool> IsGoodAsync(string token) =>
        (await _validator.ValidateAsync(token, TestContext.Current.CancellationToken)).Person is not null;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeLimit.CancelAfter(TimeLimit);
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(20), timeLimit.Token);
    }
}
