using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure.Core;
using JitFunctions.TransparencyLog.Notes;

namespace JitFunctions.Functions.Log;

/// <summary>
/// Signs with a P-256 key that never leaves Azure Key Vault. Wire format:
/// https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign, whose client library is not needed for two calls.
/// </summary>
public sealed class KeyVaultSigner : INoteSigner
{
    private const string Version = "api-version=7.4";
    private const string GlobalScope = "https://vault.azure.net/.default";

    private readonly HttpClient _http;
    private readonly TokenCredential _credential;
    private readonly Uri _key;

    private KeyVaultSigner(HttpClient http, TokenCredential credential, Uri key, VerifierKey verifier) =>
        (_http, _credential, _key, Key) = (http, credential, key, verifier);

    public VerifierKey Key { get; }

    /// <summary>Reads the public key.</summary>
    /// <param name="key">With its version: a new version is another key.</param>
    /// <exception cref="HttpRequestException">The vault does not answer, or refuses.</exception>
    /// <exception cref="FormatException">It is no P-256 key.</exception>
    public static async Task<KeyVaultSigner> OpenAsync(
        string origin,
        Uri key,
        HttpClient http,
        TokenCredential credential,
        CancellationToken cancellation
    )
    {
        var answer = await SendAsync(http, credential, HttpMethod.Get, key, "", null, cancellation);
        try
        {
            var point = new ECPoint { X = Bytes(answer["key"]?["x"]), Y = Bytes(answer["key"]?["y"]) };
            using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            var publicKey = ecdsa.ExportSubjectPublicKeyInfo();
            return new(http, credential, key, VerifierKey.Of(origin, SignatureType.Ecdsa, publicKey));
        }
        catch (CryptographicException e)
        {
            throw new FormatException("Log:KeyVaultKey is not the address of a P-256 key.", e);
        }
    }

    public async Task<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation = default)
    {
        var body = new JsonObject
        {
            ["alg"] = "ES256",
            ["value"] = Base64Url.EncodeToString(SHA256.HashData(text.Span)),
        };
        var answer = await SendAsync(_http, _credential, HttpMethod.Post, _key, "/sign", body, cancellation);
        var signature = Bytes(answer["value"]);
        // r and s, as JOSE has them.
        return signature.Length == 64
            ? EcdsaSignature.ToDer(signature)
            : throw new FormatException("The key vault gave no ES256 signature.");
    }

    private static async Task<JsonNode> SendAsync(
        HttpClient http,
        TokenCredential credential,
        HttpMethod method,
        Uri key,
        string operation,
        JsonObject? body,
        CancellationToken cancellation
    )
    {
        using var request = new HttpRequestMessage(method, $"{key.AbsoluteUri}{operation}?{Version}");
        if (body is not null)
            request.Content = JsonContent.Create(body);
        var token = await credential.GetTokenAsync(new([Scope(key)]), cancellation);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation)
            ?? throw new FormatException("The key vault gave an empty answer.");
    }

    // Each national cloud has its own: the host without the name of the vault.
    private static string Scope(Uri key) =>
        key.IsLoopback
            ? GlobalScope
            : $"https://{key.Host[(key.Host.IndexOf('.', StringComparison.Ordinal) + 1)..]}/.default";

    private static byte[] Bytes(JsonNode? text) =>
        text is JsonValue value && value.TryGetValue(out string? encoded)
            ? Base64Url.DecodeFromChars(encoded)
            : throw new FormatException("The key vault gave an answer of another form.");
}
