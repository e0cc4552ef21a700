using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace JitFunctions.Domain.Identity;

/// <summary>
/// Request ids: 12 characters of Crockford's base 32 in lower case (60 bits). They are short enough to be read aloud,
/// and valid everywhere they are used: stream key, orchestration instance, label value, object name.
/// </summary>
public static partial class RequestId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 12;

    /// <param name="entropy">At least 12 random bytes.</param>
    public static string FromBytes(ReadOnlySpan<byte> entropy)
    {
        Span<char> id = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
            id[i] = Alphabet[entropy[i] & 31];
        return new string(id);
    }

    /// <summary>
    /// The same caller with the same key always gets the same id, so that a repeated call finds its first request.
    /// </summary>
    public static string FromIdempotencyKey(string subject, string key) =>
        FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}\n{key}")));

    /// <summary>True if an id can begin with this text: 1 to 12 characters of the alphabet.</summary>
    public static bool IsPrefix(string? text) =>
        text is { Length: > 0 and <= Length } && text.All(c => Alphabet.Contains(c, StringComparison.Ordinal));

    public static bool IsValid(string? id) => id is not null && Pattern().IsMatch(id);

    [GeneratedRegex(@"^[0-9a-hjkmnp-tv-z]{12}\z")]
    private static partial Regex Pattern();
}
