using System.Text.Json;
using JitFunctions.Domain.Text;
using Microsoft.IdentityModel.Tokens;

namespace JitFunctions.Functions.Platform.SignIn;

/// <summary>
/// Header and claims of a token with a valid signature, read by their JSON types. The token library reads a number as a
/// text, and ignores what it does not know.
/// </summary>
internal static class TokenClaims
{
    private const string DistributedClaims = "_claim_names";
    private const string Groups = "groups";
    private const string HasGroups = "hasgroups";
    private const string MediaTypes = "application/";

    /// <returns>
    /// Null when it is not a JSON object, or has a member twice: it would be ambiguous which of the two counts.
    /// </returns>
    public static JsonElement? Read(string encoded)
    {
        try
        {
            using var document = JsonDocument.Parse(
                Base64UrlEncoder.DecodeBytes(encoded),
                new JsonDocumentOptions { AllowDuplicateProperties = false }
            );
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? root.Clone() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>
    /// Why the header is refused: it requires an extension that is not supported, or has another type than the required
    /// one.
    /// </summary>
    /// <param name="requiredType">
    /// The media type that <c>typ</c> must have, such as <c>at+jwt</c> (RFC 9068); null for any.
    /// </param>
    /// <returns>Null when the header is accepted.</returns>
    public static string? WhyNotHeader(JsonElement header, string? requiredType)
    {
        // RFC 7515 4.1.11: a recipient that does not understand an extension named there must not accept the token. The
        // app supports no such extension.
        if (header.TryGetProperty("crit", out _))
            return "The token's header has 'crit', but this API supports no extension that it can name.";
        if (requiredType is null)
            return null;
        // RFC 7515 4.1.9: upper and lower case are the same, and 'application/' may be left out.
        return
            Text(header, "typ") is { } type
            && string.Equals(Short(type), Short(requiredType), StringComparison.OrdinalIgnoreCase)
            ? null
            : $"The token is not of the type '{requiredType}'. Send an access token that is meant for this API.";
    }

    /// <returns>Null when the claim is absent or is not a text.</returns>
    public static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) ? TextOf(claim) : null;

    /// <returns>False when the claim exists and is neither a name nor a list of names.</returns>
    /// <param name="groups">Null when the token does not list them.</param>
    /// <param name="required">
    /// Whether a missing claim means that the token does not list the groups, rather than that the person is in no
    /// group.
    /// </param>
    public static bool TryReadGroups(JsonElement claims, string name, bool required, out IReadOnlyList<string>? groups)
    {
        groups = null;
        var isThere = claims.TryGetProperty(name, out var claim);
        if (isThere && claim.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
            return false;
        IReadOnlyList<string?> names = claim.ValueKind switch
        {
            JsonValueKind.Array => [.. claim.EnumerateArray().Select(TextOf)],
            JsonValueKind.String => [TextOf(claim)],
            _ => [],
        };
        if (names.Contains(null))
            return false;
        if (!AreElsewhere(claims, name) && (isThere || !required))
            groups = [.. names.OfType<string>().Distinct()];
        return true;
    }

    /// <summary>
    /// True where the token says that the groups must be read elsewhere, because there are too many for it: by a
    /// distributed claim (OpenID Connect Core 5.6.2), or by Entra ID's <c>hasgroups</c>. Wire format:
    /// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim.
    /// </summary>
    private static bool AreElsewhere(JsonElement claims, string name) =>
        (
            claims.TryGetProperty(DistributedClaims, out var elsewhere)
            && (elsewhere.ValueKind is not JsonValueKind.Object || elsewhere.TryGetProperty(name, out _))
        )
        || (
            name == Groups
            && claims.TryGetProperty(HasGroups, out var has)
            && has.ValueKind is not JsonValueKind.False
            && !string.Equals(TextOf(has), "false", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Why the text cannot be the user name of a person in a cluster; null when it can.</summary>
    public static string? WhyNotUsername(string username)
    {
        if (username.StartsWith("system:", StringComparison.OrdinalIgnoreCase))
            return "User names that begin with 'system:' belong to Kubernetes itself.";
        return PlainText.IsName(username)
            ? null
            : "The token's user name holds control characters or invisible ones, or begins or ends with a blank.";
    }

    private static string? TextOf(JsonElement item)
    {
        try
        {
            return item.ValueKind is JsonValueKind.String ? item.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static string Short(string type) =>
        type.StartsWith(MediaTypes, StringComparison.OrdinalIgnoreCase) ? type[MediaTypes.Length..] : type;
}
