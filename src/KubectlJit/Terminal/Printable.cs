using System.Text;
using JitFunctions.Domain.Text;

namespace JitFunctions.KubectlJit.Terminal;

internal static class Printable
{
    /// <summary>
    /// Makes text that others wrote safe for a terminal: an escape sequence or a bidirectional override in a reason
    /// could show an approver something else than what is asked. What is unseen is so by
    /// <see cref="PlainText.IsUnseen"/>, as for the server.
    /// </summary>
    public static string Text(string text) => Replaced(text, _ => " ");

    /// <summary>
    /// The same for a JSON document, or a YAML document that quotes such text: what a terminal would obey or hide is
    /// written as the escape that stands for it there.
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
