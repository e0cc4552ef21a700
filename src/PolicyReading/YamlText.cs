using System.Text;
using JitFunctions.Domain.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>Parses plain YAML only: no anchors, aliases, tags or directives, and no deep nesting.</summary>
internal static class YamlText
{
    public static YamlNode? Root(string text, PolicyErrors errors)
    {
        if (!IsReadable(text, errors))
            return null;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new PlainYamlParser(new Parser(new StringReader(text))));
            if (yaml.Documents is [var document])
                return document.RootNode;
            errors.Add(Mark.Empty, "must hold exactly one YAML document.");
        }
        catch (NotPlainYamlException e)
        {
            errors.Add(e.Start, e.Message);
        }
        catch (YamlException e)
        {
            errors.Add(e.Start, $"not YAML: {e.Message}");
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The library throws these if the file ends unexpectedly, or if its parser is in an invalid state.
            errors.Add(Mark.Empty, $"not YAML: {e.Message}");
        }

        return null;
    }

    // The parser treats NUL as the end of the file: anything after it would be published without being parsed.
    private static bool IsReadable(string text, PolicyErrors errors)
    {
        var (line, lineStart) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\n')
                (line, lineStart) = (line + 1, i + 1);
            else if (IsUnreadable(text, i))
            {
                var code = Rune.TryGetRuneAt(text, i, out var rune) ? rune.Value : c;
                errors.Add(
                    new Mark(i, line, i - lineStart + 1),
                    c is '\uFFFD'
                        ? "is not UTF-8 text here."
                        : $"holds the character U+{code:X4}, which is invisible, or changes how text is shown."
                );
                return false;
            }
        }

        return true;
    }

    private static bool IsUnreadable(string text, int i) =>
        text[i] switch
        {
            '\t' or '\n' => false,
            '\r' => i + 1 == text.Length || text[i + 1] != '\n',
            '\uFFFD' => true,
            var c when char.IsLowSurrogate(c) => i == 0 || !char.IsHighSurrogate(text[i - 1]),
            _ => !Rune.TryGetRuneAt(text, i, out var rune) || PlainText.IsUnseen(rune),
        };
}
