using System.Security.Cryptography;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests.Input;

/// <summary>Whom the API believes.</summary>
public sealed class TokenTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    private TokenIssuer Issuer => _scene.Platform.Issuer;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    public async Task No_token_or_none_worth_the_name(string? token) => await RefuseAsync(token);

    [Fact]
    public async Task A_token_in_another_scheme_or_twice()
    {
        var token = Issuer.IssueToken(_scene.Alice);
        var anonymous = _scene.WithToken(null);
        (await anonymous.PostAsync("/api/requests", _scene.Terms(), ("Authorization", $"Basic {token}"))).ExpectProblem(
            401,
            "unauthenticated"
        );
        (await anonymous.PostAsync("/api/requests", _scene.Terms(), ("Authorization", token))).ExpectProblem(
            401,
            "unauthenticated"
        );
        (await anonymous.PostAsync($"/api/requests?access_token={token}", _scene.Terms())).ExpectProblem(
            401,
            "unauthenticated"
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task An_expired_token() =>
        await RefuseAsync(Issuer.IssueToken(_scene.Alice, TimeSpan.FromMinutes(-2)));

    [Fact]
    public async Task A_token_that_is_not_valid_yet() =>
        await RefuseAsync(TokenWith("nbf", TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds()));

    [Theory]
    [InlineData("exp", null)]
    [InlineData("aud", null)]
    [InlineData("aud", "another-app")]
    [InlineData("iss", null)]
    [InlineData("iss", "https://evil.example.com")]
    [InlineData("sub", null)]
    [InlineData("sub", "")]
    [InlineData("preferred_username", null)]
    [InlineData("preferred_username", "")]
    [InlineData("preferred_username", " ")]
    [InlineData("preferred_username", "system:masters")]
    [InlineData("preferred_username", "System:kube-controller-manager")]
    public async Task A_token_with_a_claim_missing_or_wrong(string claim, string? value) =>
        await RefuseAsync(TokenWith(claim, value));

    [Fact]
    public async Task A_token_without_groups_belongs_to_nobodys_policy()
    {
        (await _scene.WithToken(TokenWith("groups", null)).PostAsync("/api/requests", _scene.Terms())).ExpectProblem(
            403,
            "not-covered"
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    public async Task A_token_that_nobody_signed(string algorithm)
    {
        var forgery = Forgery.Of(Issuer.IssueToken(_scene.Alice)).WithAlgorithm(algorithm);
        await RefuseAsync(forgery.Signed(_ => []));
        await RefuseAsync(forgery.Signed(data => forgery.OriginalSignature));
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_a_shared_secret()
    {
        using var client = new HttpClient();
        var keys = await client.GetByteArrayAsync(
            new Uri(Issuer.Authority, "keys"),
            TestContext.Current.CancellationToken
        );
        using var publicKey = Forgery.PublicKey(keys);
        var forgery = Forgery.Of(Issuer.IssueToken(_scene.Alice)).WithAlgorithm("HS256");
        byte[][] secrets =
        [
            publicKey.ExportSubjectPublicKeyInfo(),
            System.Text.Encoding.ASCII.GetBytes(publicKey.ExportSubjectPublicKeyInfoPem()),
            keys,
        ];
        foreach (var secret in secrets)
            await RefuseAsync(forgery.Signed(data => HMACSHA256.HashData(secret, data)));
    }

    [Fact]
    public async Task A_token_signed_with_a_foreign_key()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forgery = Forgery.Of(Issuer.IssueToken(_scene.Alice));
        await RefuseAsync(forgery.Signed(data => foreign.SignData(data, HashAlgorithmName.SHA256)));
        await RefuseAsync(
            forgery.WithHeader("kid", "another").Signed(data => foreign.SignData(data, HashAlgorithmName.SHA256))
        );
    }

    [Fact]
    public async Task A_token_that_brings_its_own_key()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var forgery = Forgery
            .Of(Issuer.IssueToken(_scene.Alice))
            .WithHeader("jwk", Forgery.Jwk(foreign))
            .WithHeader("jku", "https://evil.example.com/keys");
        await RefuseAsync(forgery.Signed(data => foreign.SignData(data, HashAlgorithmName.SHA256)));
    }

    [Fact]
    public async Task A_token_whose_claims_were_changed_after_signing()
    {
        var forgery = Forgery
            .Of(Issuer.IssueToken(_scene.Stranger))
            .WithClaim("groups", new System.Text.Json.Nodes.JsonArray("payments-devs"));
        await RefuseAsync(forgery.Signed(_ => forgery.OriginalSignature));
    }

    private string TokenWith(string claim, object? value) =>
        Issuer.IssueToken(_scene.Alice, overrides: new Dictionary<string, object?> { [claim] = value });

    private async Task RefuseAsync(string? token)
    {
        var refused = (await _scene.WithToken(token).PostAsync("/api/requests", _scene.Terms())).ExpectProblem(
            401,
            "unauthenticated"
        );
        Assert.Equal("Bearer", refused.Header("WWW-Authenticate"));
        (await _scene.WithToken(token).GetAsync("/api/audit/events")).ExpectProblem(401, "unauthenticated");
        await _scene.NothingIsWrittenAsync();
    }
}
