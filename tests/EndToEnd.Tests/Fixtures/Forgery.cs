using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>A genuine token taken apart, to be put together wrongly.</summary>
internal sealed record Forgery(JsonObject Header, JsonObject Claims, byte[] OriginalSignature)
{
    public static Forgery Of(string token) =>
        token.Split('.') is [var header, var claims, var signature]
            ? new(Parse(header), Parse(claims), Base64Url.DecodeFromChars(signature))
            : throw new ArgumentException("A signed token has three parts.", nameof(token));

    public Forgery WithAlgorithm(string algorithm) => WithHeader("alg", algorithm);

    public Forgery WithHeader(string name, JsonNode value) => this with { Header = Header.With(name, value) };

    public Forgery WithClaim(string name, JsonNode value) => this with { Claims = Claims.With(name, value) };

    public string Signed(Func<byte[], byte[]> sign)
    {
        var content = $"{Encode(Header)}.{Encode(Claims)}";
        return $"{content}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)))}";
    }

    /// <summary>The first key of a published key set.</summary>
    public static ECDsa PublicKey(byte[] keySet)
    {
        var key = JsonNode.Parse(keySet)!["keys"]![0]!;
        var point = new ECPoint
        {
            X = Base64Url.DecodeFromChars(key.At("x")),
            Y = Base64Url.DecodeFromChars(key.At("y")),
        };
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
    }

    public static JsonObject Jwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static JsonObject Parse(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();

    private static string Encode(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
