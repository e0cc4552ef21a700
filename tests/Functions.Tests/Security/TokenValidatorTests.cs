using System.Text;
using JitFunctions.Functions.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Tests.Security;

public sealed class TokenValidatorTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Audiences = ["other", "jit"];
    private static readonly string[] SameGroups = ["devs", "devs"];

    private readonly FakeTimeProvider _clock = new(Noon);
    private TestIssuer _issuer = null!;
    private IssuerKeys _keys = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _keys = new IssuerKeys(Options(), _clock, NullLogger<IssuerKeys>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _keys.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task A_good_token_says_who_it_is()
    {
        var (caller, refusal) = await ValidateAsync(Token());
        Assert.Null(refusal);
        Assert.Equal(($"{_issuer.Authority.OriginalString}#00-alice", "alice@example.com"), (caller!.Principal.Subject, caller.Principal.Username));
        Assert.Equal(["devs", "on-call"], caller.Groups);
        Assert.False(caller.IsAdministrator || caller.IsAuditor);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(1_795_000_000L, 1_795_000_000L)]
    [InlineData(1_795_000_000.5, 1_795_000_000L)]
    public async Task A_token_says_when_it_was_issued_or_not(object? issued, long? asOf) =>
        Assert.Equal(asOf, (await ValidateAsync(Token(("iat", issued)))).Caller!.AsOf?.ToUnixTimeSeconds());

    [Theory]
    [InlineData("yesterday")]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    [InlineData(1e300)]
    [InlineData(true)]
    public async Task An_odd_time_of_issue_breaks_nothing(object issued)
    {
        var (caller, refusal) = await ValidateAsync(Token(("iat", issued)));
        Assert.True(caller is null ^ refusal is null);
    }

    [Fact]
    public async Task Groups_are_a_list_or_a_single_name_or_none()
    {
        Assert.Equal(["devs"], (await ValidateAsync(Token(("groups", "devs")))).Caller!.Groups);
        Assert.Equal(["devs"], (await ValidateAsync(Token(("groups", SameGroups)))).Caller!.Groups);
        Assert.Empty((await ValidateAsync(Token(("groups", Array.Empty<string>())))).Caller!.Groups);
        Assert.Empty((await ValidateAsync(Token(("groups", null)))).Caller!.Groups);
    }

    [Fact]
    public async Task The_audience_may_be_one_of_several() => Assert.NotNull((await ValidateAsync(Token(("aud", Audiences)))).Caller);

    [Theory]
    [InlineData("aud", "other", "another audience")]
    [InlineData("aud", null, "another audience")]
    [InlineData("iss", "https://evil.example.com", "another issuer")]
    [InlineData("iss", null, "another issuer")]
    [InlineData("sub", null, "no subject")]
    [InlineData("sub", "", "no subject")]
    [InlineData("preferred_username", null, "no claim 'preferred_username'")]
    [InlineData("preferred_username", " ", "no claim 'preferred_username'")]
    [InlineData("preferred_username", "system:masters", "belong to Kubernetes itself")]
    [InlineData("preferred_username", "System:admin", "belong to Kubernetes itself")]
    [InlineData("preferred_username", "alice\0", "control characters")]
    [InlineData("sub", "00\nalice", "control characters")]
    [InlineData("exp", null, "expired")]
    public async Task A_claim_that_is_missing_or_wrong_is_refused(string claim, string? value, string because) => await RefusedAsync(Token((claim, value)), because);

    [Theory]
    [InlineData(-31, null, false)]
    [InlineData(-29, null, true)]
    [InlineData(60, 31, false)]
    [InlineData(60, 29, true)]
    [InlineData(60, -60, true)]
    public async Task A_token_is_good_within_its_lifetime_and_half_a_minute(int expires, int? begins, bool good)
    {
        var token = Token(("exp", Noon.AddSeconds(expires).ToUnixTimeSeconds()), ("nbf", begins is { } nbf ? Noon.AddSeconds(nbf).ToUnixTimeSeconds() : null));
        if (good)
            Assert.NotNull((await ValidateAsync(token)).Caller);
        else
            await RefusedAsync(token, "expired, or is not valid yet");
    }

    [Fact]
    public async Task A_token_may_live_for_ever() => Assert.NotNull((await ValidateAsync(Token(("exp", 253402300800L * 1000)))).Caller);

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("..")]
    public async Task What_is_no_token_is_refused(string token) => Assert.NotNull((await ValidateAsync(token)).Refusal);

    [Fact]
    public async Task What_is_no_token_is_refused_without_asking_the_issuer()
    {
        _issuer.Fails = true;
        await RefusedAsync("garbage", "not a valid JSON Web Token");
        Assert.Equal(0, _issuer.TimesAsked);
    }

    [Fact]
    public async Task A_token_that_nobody_signed_is_refused() => await RefusedAsync(_issuer.Sign(null, Noon), "signature is not one of the issuer's");

    [Fact]
    public async Task The_public_key_is_no_shared_secret()
    {
        var secret = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(_issuer.PublicKey));
        await RefusedAsync(_issuer.Sign(new(secret, SecurityAlgorithms.HmacSha256), Noon), "signature is not one of the issuer's");
    }

    [Fact]
    public async Task A_foreign_key_is_refused() =>
        await RefusedAsync(_issuer.Sign(new(TestIssuer.NewKey(), SecurityAlgorithms.EcdsaSha256), Noon), "signature is not one of the issuer's");

    [Theory]
    [InlineData(true, null)]
    [InlineData(null, null)]
    [InlineData(false, "not verified")]
    [InlineData("false", "not verified")]
    [InlineData("true", null)]
    public async Task An_address_is_a_user_name_only_when_it_is_verified(object? verified, string? because)
    {
        var token = Token(("email", "alice@example.com"), ("email_verified", verified));
        var (caller, refusal) = await ValidateAsync(token, usernameClaim: "email");
        Assert.Equal(because is null, caller is not null);
        Assert.Contains(because ?? string.Empty, refusal ?? string.Empty, StringComparison.Ordinal);
    }

    private string Token(params (string, object?)[] claims) => _issuer.Token(Noon, claims);

    private async Task RefusedAsync(string token, string because)
    {
        var (caller, refusal) = await ValidateAsync(token);
        Assert.Null(caller);
        Assert.Contains(because, refusal, StringComparison.Ordinal);
    }

    private Task<(Domain.Identity.Caller? Caller, string? Refusal)> ValidateAsync(string token, string usernameClaim = "preferred_username") =>
        new TokenValidator(Options(usernameClaim), _keys, _clock).ValidateAsync(token, TestContext.Current.CancellationToken);

    private AuthenticationOptions Options(string usernameClaim = "preferred_username") =>
        new() { Authority = _issuer.Authority, Audience = "jit", UsernameClaim = usernameClaim, RequireHttps = false };
}
