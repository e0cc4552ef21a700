using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;
using JitFunctions.Functions.Log;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.Functions.Tests.Log;

public sealed class KeyVaultSignerTests : IDisposable
{
    private static readonly Uri KeyId = new("https://jit.vault.azure.net/keys/log/4387e9f3d6e14c459867679a90fd0f79");

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Its_signatures_are_those_of_a_note()
    {
        using var vault = new Vault(_key);
        using var http = new HttpClient(vault);
        var credential = new Tokens();
        var signer = await KeyVaultSigner.OpenAsync("jit.example.com/log", KeyId, http, credential, Cancellation);

        var note = await NoteSigning.SignAsync("jit.example.com/log\n1\nAAAA\n", [signer], Cancellation);

        Assert.True(note.Verify([signer.Key]).IsTrusted);
        Assert.Equal(_key.ExportSubjectPublicKeyInfo(), signer.Key.PublicKey.ToArray());
        Assert.Equal(
            [
                "GET /keys/log/4387e9f3d6e14c459867679a90fd0f79?api-version=7.4",
                "POST /keys/log/4387e9f3d6e14c459867679a90fd0f79/sign?api-version=7.4",
            ],
            vault.Calls
        );
        Assert.Equal("https://vault.azure.net/.default", credential.Scope);
    }

    [Theory]
    [InlineData("https://jit.vault.azure.cn/keys/log/1", "https://vault.azure.cn/.default")]
    [InlineData("https://jit.vault.usgovcloudapi.net/keys/log/1", "https://vault.usgovcloudapi.net/.default")]
    public async Task Each_cloud_has_its_own_tokens(string key, string scope)
    {
        using var vault = new Vault(_key);
        using var http = new HttpClient(vault);
        var credential = new Tokens();

        await KeyVaultSigner.OpenAsync("o", new Uri(key), http, credential, Cancellation);

        Assert.Equal(scope, credential.Scope);
    }

    [Fact]
    public async Task A_vault_that_refuses_is_an_error()
    {
        using var vault = new Vault(_key) { Status = HttpStatusCode.Forbidden };
        using var http = new HttpClient(vault);

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            KeyVaultSigner.OpenAsync("o", KeyId, http, new Tokens(), Cancellation)
        );
    }

    [Fact]
    public async Task A_key_of_another_kind_is_refused()
    {
        using var vault = new Vault(_key)
        {
            Key = new JsonObject { ["kty"] = "RSA", ["n"] = "AQAB" },
        };
        using var http = new HttpClient(vault);

        await Assert.ThrowsAsync<FormatException>(() =>
            KeyVaultSigner.OpenAsync("o", KeyId, http, new Tokens(), Cancellation)
        );
    }

    private sealed class Tokens : TokenCredential
    {
        public string? Scope { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scope = requestContext.Scopes.Single();
            return new("token", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }

    /// <summary>Answers as the REST reference of Key Vault says.</summary>
    private sealed class Vault(ECDsa key) : HttpMessageHandler
    {
        public List<string> Calls { get; } = [];

        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public JsonObject? Key { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Calls.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            Assert.Equal("Bearer token", request.Headers.Authorization?.ToString());
            var answer = request.Method == HttpMethod.Get ? Public() : await SignAsync(request, cancellationToken);
            return new(Status)
            {
                Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
            };
        }

        private JsonObject Public()
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return new()
            {
                ["key"] =
                    Key
                    ?? new JsonObject
                    {
                        ["kid"] = KeyId.AbsoluteUri,
                        ["kty"] = "EC-HSM",
                        ["crv"] = "P-256",
                        ["x"] = Base64Url.EncodeToString(point.X),
                        ["y"] = Base64Url.EncodeToString(point.Y),
                    },
            };
        }

        private async Task<JsonObject> SignAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellation))!;
            Assert.Equal("ES256", body["alg"]!.GetValue<string>());
            var digest = Base64Url.DecodeFromChars(body["value"]!.GetValue<string>());
            var signature = key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return new() { ["kid"] = KeyId.AbsoluteUri, ["value"] = Base64Url.EncodeToString(signature) };
        }
    }
}
