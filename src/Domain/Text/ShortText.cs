using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JitFunctions.Domain.Text;

/// <summary>
/// Prepares text from others, such as names in a cluster, for an event: with a limited length, and without invisible
/// characters, some of which a database rejects (U+0000 in PostgreSQL's jsonb). Text that was cut ends with its length
/// and hash, so that it can be told apart from other text. Lengths are in UTF-16 code units. Text that is short enough
/// is not cut.
/// </summary>
public static class ShortText
{
    /// <summary>The maximum length of one name.</summary>
    public const int LongestName = 200;

    /// <summary>The maximum length of one message from a server.</summary>
    public const int LongestMessage = 500;

    /// <summary>The maximum length of everything that an event says about what was found or what failed.</summary>
    public const int LongestDetail = 2500;

    /// <summary>The maximum number of names that <see cref="List"/> returns.</summary>
    public const int MostListed = 5;

    public static string Name(string text) => Cut(text, LongestName);

    public static string Message(string text) => Cut(text, LongestMessage);

    public static string Detail(string text) => Cut(text, LongestDetail);

    /// <summary>
    /// Returns the first names, each cut. If there are more, adds their number and the hash of all names.
    /// </summary>
    public static string List(IReadOnlyList<string> names, string separator = ", ") =>
        names.Count <= MostListed
            ? string.Join(separator, names.Select(Name))
            : $"{string.Join(separator, names.Take(MostListed).Select(Name))} and {names.Count - MostListed} more "
                + $"({Hash(string.Join('\n', names))})";

    /// <summary>Returns the beginning of the SHA-256, long enough for people to tell texts apart.</summary>
    public static string Hash(string text) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]}";

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
            return OneLine(text);
        var end = string.Create(CultureInfo.InvariantCulture, $"… ({text.Length} characters, {Hash(text)})");
        return OneLine(text[..(longest - end.Length)]) + end;
    }

    private static string OneLine(string text) => PlainText.Shown(text.ReplaceLineEndings(" "));
}
