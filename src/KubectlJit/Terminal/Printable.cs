using System.Text;
using JitFunctions.Domain.Text;

namespace JitFunctions.KubectlJit.Terminal;

internal static class Printable
{
    /// <summary>
    /// Makes text from other people safe for a terminal. An escape sequence or a bidirectional override in a reason
    /// could show an approver something different from the actual request. <see cref="PlainText.IsUnseen"/> decides
    /// what is invisible, as on the server.
    /// </summary>
    public static string Text(string text) => Replaced(text, _ => " ");

    /// <summary>
    /// The same for a JSON document, or a YAML document that quotes such text. Characters that a terminal would
    /// interpret or hide are written as escapes of that format.
    /// </summary>
    public static string Document(string document, OutputFormat format) =>
        Replaced(
            document,
            rune =>
                rune.Value switch
                {
                    '\n' => "\n",
                    <= 0xFFFF => $"\\u{rune.Value:X4}",
                    _ when format is OutputFormat.Yaml => $"\\U{rune.Value:X8}",
                    _ => string.Concat(rune.ToString().Select(half => $"\\u{(int)half:X4}")),
                }
        );

    private static string Replaced(string text, Func<Rune, string> by)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (PlainText.IsUnseen(rune))
                safe.Append(by(rune));
            else
                safe.Append(rune);
        }

        return safe.ToString();
    }
}
