using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Requests;

/// <summary>
/// The hash of everything that a reviewer decides about: who gets which rights where, from when, for how long, under
/// which policy, and with which enforcement. It is the SHA-256 of a JSON array, written as <c>sha256:</c> and
/// lower-case hexadecimal; docs/policies.md describes the array.
/// </summary>
public static class ScopeHash
{
    private const string Form = "jit-scope-1";

    public static string Of(
        Principal requester,
        RequestTerms terms,
        IReadOnlyList<NamespacedRules> rights,
        PolicySnapshot policy
    ) =>
        Hash(json =>
        {
            json.WriteStringValue(Form);
            json.WriteStringValue(requester.Subject);
            json.WriteStringValue(requester.Username);
            json.WriteStringValue(terms.Scope.Cluster);
            Write(json, terms.Scope.Namespaces.Order(StringComparer.Ordinal));
            json.WriteBooleanValue(terms.Scope.ClusterWide);
            json.WriteStringValue(terms.Scope.Role?.ToString());
            json.WriteStartArray();
            foreach (
                var rule in rights
                    .SelectMany(placed => placed.Rules.Select(rule => Canonical(placed, rule)))
                    .Order(StringComparer.Ordinal)
            )
                json.WriteStringValue(rule);
            json.WriteEndArray();
            json.WriteStringValue(Instant(terms.Start));
            json.WriteNumberValue(terms.Duration.Ticks);
            json.WriteBooleanValue(terms.BreakGlass);
            json.WriteStringValue(policy.Version);
            // The default enforcement is not written, so that hashes from before there were two modes stay valid.
            if (policy.Enforcement is { } enforcement and not Enforcement.Identity)
                json.WriteStringValue(JsonNamingPolicy.CamelCase.ConvertName(enforcement.ToString()));
        });

    /// <summary>
    /// Returns the hash of an extension: the grant as it was approved, and the additional duration. Each request for an
    /// extension has a different hash, so that a review of a denied extension does not count for the next one.
    /// </summary>
    public static string OfExtension(
        string grantHash,
        DateTimeOffset expiresAt,
        TimeSpan duration,
        DateTimeOffset askedAt
    ) =>
        Hash(json =>
        {
            json.WriteStringValue($"{Form}-extension");
            json.WriteStringValue(grantHash);
            json.WriteStringValue(Instant(expiresAt));
            json.WriteNumberValue(duration.Ticks);
            json.WriteStringValue(Instant(askedAt));
        });

    private static string? Instant(DateTimeOffset? at) =>
        at?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static string Canonical(NamespacedRules placed, RbacRule rule) =>
        Text(json =>
        {
            Write(json, placed.Namespaces.Order(StringComparer.Ordinal));
            foreach (
                var words in new[]
                {
                    rule.ApiGroups,
                    rule.Resources,
                    rule.Verbs,
                    rule.ResourceNames ?? [],
                    rule.NonResourceUrls ?? [],
                }
            )
                Write(json, words.Distinct().Order(StringComparer.Ordinal));
        });

    private static void Write(Utf8JsonWriter json, IEnumerable<string> words)
    {
        json.WriteStartArray();
        foreach (var word in words)
            json.WriteStringValue(word);
        json.WriteEndArray();
    }

    private static string Hash(Action<Utf8JsonWriter> content) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Bytes(content)))}";

    private static string Text(Action<Utf8JsonWriter> content) => System.Text.Encoding.UTF8.GetString(Bytes(content));

    private static ReadOnlySpan<byte> Bytes(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            content(json);
            json.WriteEndArray();
        }

        return buffer.WrittenSpan;
    }
}
