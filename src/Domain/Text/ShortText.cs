using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JitFunctions.Domain.Text;

/// <summary>
/// Text of others, such as names in a cluster, as an event can hold it: of a length that is known, and without
/// characters that cannot be seen, of which a database refuses some (U+0000 in PostgreSQL's jsonb). What was cut has
/// its length and hash, so that it can be told from others. Lengths are in UTF-16 code units. Text that is short
/// already stays as it is.
/// </summary>
public static class ShortText
{
    /// <summary>For one name.</summary>
    public const int LongestName = 200;

    /// <summary>For one message of a server.</summary>
    public const int LongestMessage = 500;

    /// <summary>For all that an event tells of what was found or what failed.</summary>
    public const int LongestDetail = 2500;

    /// <summary>The most names that <see cref="List"/> gives.</summary>
    public const int MostListed = 5;

    public static string Name(string text) => Cut(text, LongestName);

    public static string Message(string text) => Cut(text, LongestMessage);

    public static string Detail(string text) => Cut(text, LongestDetail);

    /// <summary>The first ones, each cut; of many also how many there are, and the hash of all.</summary>
    public static string List(IReadOnlyList<string> names, string separator = ", ") =>
        names.Count <= MostListed
            ? string.Join(separator, names.Select(Name))
            : $"{string.Join(separator, names.Take(MostListed).Select(Name))} and {names.Count - MostListed} more "
                + $"({Hash(string.Join('\n', names))})";

    /// <summary>The beginning of the SHA-256, enough to tell apart what people compare.</summary>
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
