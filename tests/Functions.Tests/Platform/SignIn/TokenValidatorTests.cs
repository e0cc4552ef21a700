using System.Text;
using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform.SignIn;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Tests.Platform.SignIn;

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
        var (person, refusal) = await ValidateAsync(Token());
        Assert.Null(refusal);
        Assert.Equal(
            ($"{_issuer.Authority.OriginalString}#00-alice", "alice@example.com"),
            (person!.Principal.Subject, person.Principal.Username)
        );
        Assert.Equal(["devs", "on-call"], person.Groups!);
        Assert.Equal(Noon.AddHours(3), person.ExpiresAt);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(1_795_000_000L, 1_795_000_000L)]
    [InlineData(1_795_000_000.5, 1_795_000_000L)]
    public async Task A_token_says_when_it_was_issued_or_not(object? issued, long? asOf) =>
        Assert.Equal(asOf, (await ValidateAsync(Token(("iat", issued)))).Person!.IssuedAt?.ToUnixTimeSeconds());

    [Theory]
    [InlineData("yesterday")]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    [InlineData(1e300)]
    [InlineData(true)]
    public async Task An_odd_time_of_issue_breaks_nothing(object issued)
    {
        var (person, refusal) = await ValidateAsync(Token(("iat", issued)));
        Assert.True(person is null ^ refusal is null);
    }

    [Fact]
    public async Task Groups_are_a_list_or_a_single_name_or_none()
    {
        Assert.Equal(["devs"], (await ValidateAsync(Token(("groups", "devs")))).Person!.Groups!);
        Assert.Equal(["devs"], (await ValidateAsync(Token(("groups", SameGroups)))).Person!.Groups!);
        Assert.Empty((await ValidateAsync(Token(("groups", Array.Empty<string>())))).Person!.Groups!);
        Assert.Empty((await ValidateAsync(Token(("groups", null)))).Person!.Groups!);
    }

    [Theory]
    [InlineData("_claim_names", """{"groups":"src1"}""")] // Entra ID, and OpenID Connect's distributed claims
    [InlineData("_claim_names", "7")] // nobody can say what it leaves out
    [InlineData("hasgroups", "true")]
    [InlineData("hasgroups", "\"true\"")]
    [InlineData("hasgroups", "1")]
    public async Task A_token_that_says_that_its_groups_are_elsewhere_does_not_list_them(string claim, string json)
    {
        var elsewhere = (claim, (object?)JsonSerializer.Deserialize<JsonElement>(json));
        foreach (var groups in new object?[] { null, Array.Empty<string>(), SameGroups })
        {
            var (person, refusal) = await ValidateAsync(Token(elsewhere, ("groups", groups)));
            Assert.Null(refusal);
            Assert.Null(person!.Groups);
        }
    }

    [Theory]
    [InlineData("_claim_names", """{"address":"src1"}""")]
    [InlineData("hasgroups", "false")]
    public async Task What_is_elsewhere_is_not_the_groups(string claim, string json) =>
        Assert.Equal(
            ["devs", "on-call"],
            (await ValidateAsync(Token((claim, JsonSerializer.Deserialize<JsonElement>(json))))).Person!.Groups!
        );

    [Fact]
    public async Task Where_the_groups_claim_is_another_Entra_IDs_hasgroups_is_not_about_it()
    {
        var token = Token(("hasgroups", true), ("roles", SameGroups), ("groups", null));
        Assert.Equal(["devs"], (await ValidateAsync(token, Options() with { GroupsClaim = "roles" })).Person!.Groups!);
        Assert.Null(
            (
                await ValidateAsync(
                    Token(("_claim_names", new Dictionary<string, string> { ["roles"] = "x" })),
                    Options() with
                    {
                        GroupsClaim = "roles",
                    }
                )
            )
                .Person!
                .Groups
        );
    }

    [Fact]
    public async Task Where_the_issuer_always_lists_groups_a_token_without_the_claim_does_not_list_them()
    {
        var strict = Options() with { RequireGroups = true };
        Assert.Null((await ValidateAsync(Token(("groups", null)), strict)).Person!.Groups);
        Assert.Empty((await ValidateAsync(Token(("groups", Array.Empty<string>())), strict)).Person!.Groups!);
        Assert.Equal(["devs", "on-call"], (await ValidateAsync(Token(), strict)).Person!.Groups!);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("""{"devs":true}""")]
    [InlineData("""["devs",7]""")]
    [InlineData("""["devs",null]""")]
    [InlineData("""[["devs"]]""")]
    public async Task Groups_that_are_no_names_are_refused_and_not_passed_over(string groups) =>
        await RefusedAsync(
            Token(("groups", JsonSerializer.Deserialize<JsonElement>(groups))),
            "neither a name nor a list of names"
        );

    [Theory]
    [InlineData("preferred_username", "4711", "no claim 'preferred_username' that is a text")]
    [InlineData("preferred_username", "true", "no claim 'preferred_username' that is a text")]
    [InlineData("preferred_username", """["alice@example.com"]""", "no claim 'preferred_username' that is a text")]
    [InlineData("sub", "4711", "no subject")]
    [InlineData("sub", """{"id":"00-alice"}""", "not a valid JSON Web Token")]
    public async Task A_name_that_is_no_text_is_refused(string claim, string json, string because) =>
        await RefusedAsync(Token((claim, JsonSerializer.Deserialize<JsonElement>(json))), because);

    [Theory]
    [InlineData(" alice@example.com")]
    [InlineData("alice@example.com\u00a0")]
    [InlineData("alice\u200b@example.com")] // zero width
    [InlineData("alice@example.com\u202e")] // right to left
    [InlineData("alice@example.com\ufe0f")]
    [InlineData("alice\u3164@example.com")] // a Hangul filler
    [InlineData("alice@example.com\U000e0041")] // a tag
    [InlineData("alice\u2028@example.com")]
    public async Task A_user_name_that_only_looks_like_another_is_refused(string username) =>
        await RefusedAsync(Token(("preferred_username", username)), "invisible ones, or begins or ends with a blank");

    [Theory]
    [InlineData("alice smith")]
    [InlineData("zoë@example.com")]
    [InlineData("名前")]
    [InlineData("alice🦊@example.com")]
    public async Task A_user_name_may_be_any_that_is_seen(string username) =>
        Assert.Equal(
            username,
            (await ValidateAsync(Token(("preferred_username", username)))).Person!.Principal.Username
        );

    [Theory]
    [InlineData(
        """ "preferred_username":"alice@example.com","preferred_username":"bob@example.com","groups":[] """,
        "not a valid JSON Web Token"
    )]
    [InlineData(
        """ "preferred_username":"alice@example.com","groups":["devs"],"groups":[] """,
        "not a valid JSON Web Token"
    )]
    [InlineData(""" "preferred_username":"\ud83d","groups":[] """, "not a valid JSON Web Token")]
    [InlineData(
        """ "preferred_username":"alice@example.com","groups":["\ud83d"] """,
        "neither a name nor a list of names"
    )]
    public async Task A_claim_that_is_there_twice_or_holds_half_a_character_is_refused(string claims, string because)
    {
        var all = $$"""
            {"iss":"{{_issuer.Authority.OriginalString}}","aud":"jit","sub":"00-alice","exp":{{Noon.AddHours(
                    1
                ).ToUnixTimeSeconds()}},{{claims}}}
            """;
        await RefusedAsync(_issuer.SignText(_issuer.HeaderText(), Base64UrlEncoder.Encode(all)), because);
    }

    [Theory]
    [InlineData(""","crit":["exp"]""", null, "'crit'")]
    [InlineData(""","crit":["https://example.com/bound-to"],"https://example.com/bound-to":"x" """, null, "'crit'")]
    [InlineData(""","crit":[]""", null, "'crit'")]
    [InlineData(""","typ":"JWT" """, "at+jwt", "not of the type 'at+jwt'")]
    [InlineData("", "at+jwt", "not of the type 'at+jwt'")]
    [InlineData(""","typ":7""", "at+jwt", "not a valid JSON Web Token")]
    [InlineData(""","typ":"at+jwt" """, "at+jwt", null)]
    [InlineData(""","typ":"application/AT+JWT" """, "at+jwt", null)]
    [InlineData(""","typ":"at+jwt" """, "application/at+jwt", null)]
    [InlineData(""","typ":"whatever" """, null, null)]
    public async Task The_header_asks_for_nothing_unknown_and_has_the_type_that_is_set(
        string more,
        string? type,
        string? because
    )
    {
        var token = _issuer.SignText(_issuer.HeaderText(more), _issuer.Token(Noon).Split('.')[1]);
        var (person, refusal) = await ValidateAsync(token, Options() with { TokenType = type });
        Assert.Equal(because is null, person is not null);
        Assert.Contains(because ?? string.Empty, refusal ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audience_may_be_one_of_several() =>
        Assert.NotNull((await ValidateAsync(Token(("aud", Audiences)))).Person);

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
    public async Task A_claim_that_is_missing_or_wrong_is_refused(string claim, string? value, string because) =>
        await RefusedAsync(Token((claim, value)), because);

    [Theory]
    [InlineData(-31, null, false)]
    [InlineData(-29, null, true)]
    [InlineData(60, 31, false)]
    [InlineData(60, 29, true)]
    [InlineData(60, -60, true)]
    public async Task A_token_is_good_within_its_lifetime_and_half_a_minute(int expires, int? begins, bool good)
    {
        var token = Token(
            ("exp", Noon.AddSeconds(expires).ToUnixTimeSeconds()),
            ("nbf", begins is { } nbf ? Noon.AddSeconds(nbf).ToUnixTimeSeconds() : null)
        );
        if (good)
            Assert.NotNull((await ValidateAsync(token)).Person);
        else
            await RefusedAsync(token, "expired, or is not valid yet");
    }

    [Fact]
    public async Task A_token_may_live_for_ever() =>
        Assert.NotNull((await ValidateAsync(Token(("exp", 253402300800L * 1000)))).Person);

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
    public async Task A_token_that_nobody_signed_is_refused() =>
        await RefusedAsync(_issuer.Sign(null, Noon), "signature is not one of the issuer's");

    [Fact]
    public async Task The_public_key_is_no_shared_secret()
    {
        var secret = new SymmetricSecurityKey(Encoding.ASCII.GetBytes(_issuer.PublicKey));
        await RefusedAsync(
            _issuer.Sign(new(secret, SecurityAlgorithms.HmacSha256), Noon),
            "signature is not one of the issuer's"
        );
    }

    [Fact]
    public async Task A_foreign_key_is_refused() =>
        await RefusedAsync(
            _issuer.Sign(new(TestIssuer.NewKey(), SecurityAlgorithms.EcdsaSha256), Noon),
            "signature is not one of the issuer's"
        );

    [Theory]
    [InlineData(true, null)]
    [InlineData(null, null)]
    [InlineData(false, "not verified")]
    [InlineData("false", "not verified")]
    [InlineData("true", null)]
    public async Task An_address_is_a_user_name_only_when_it_is_verified(object? verified, string? because)
    {
        var token = Token(("email", "alice@example.com"), ("email_verified", verified));
        var (person, refusal) = await ValidateAsync(token, usernameClaim: "email");
        Assert.Equal(because is null, person is not null);
        Assert.Contains(because ?? string.Empty, refusal ?? string.Empty, StringComparison.Ordinal);
    }

    private string Token(params (string, object?)[] claims) => _issuer.Token(Noon, claims);

    private async Task RefusedAsync(string token, string because)
    {
        var (person, refusal) = await ValidateAsync(token);
        Assert.Null(person);
        Assert.Contains(because, refusal, StringComparison.Ordinal);
    }

    private Task<(SignedInPerson? Person, string? Refusal)> ValidateAsync(
        string token,
        string usernameClaim = "preferred_username"
    ) => ValidateAsync(token, Options(usernameClaim));

    private Task<(SignedInPerson? Person, string? Refusal)> ValidateAsync(
        string token,
        AuthenticationOptions options
    ) => new TokenValidator(options, _keys, _clock).ValidateAsync(token, TestContext.Current.CancellationToken);

    private AuthenticationOptions Options(string usernameClaim = "preferred_username") =>
        new()
        {
            Authority = _issuer.Authority,
            Audience = "jit",
            UsernameClaim = usernameClaim,
            RequireHttps = false,
        };
}
