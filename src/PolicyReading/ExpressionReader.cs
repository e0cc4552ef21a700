using System.Text.RegularExpressions;
using JitFunctions.Domain.Policies;

namespace JitFunctions.PolicyReading;

/// <summary>Reads regular expressions that must match a whole text.</summary>
internal static class ExpressionReader
{
    public static TextPattern? Read(YamlFields fields, string name)
    {
        if (fields.Text(name, TextForm.Expression) is not { } text)
            return null;
        try
        {
            // Check the expression alone first: "a)|(b" is valid only inside a group.
            _ = new Regex(text, RegexOptions.CultureInvariant);
            return new(text);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            fields.Error(name, $"'{name}' cannot be used as a regular expression: {e.Message}");
            return null;
        }
    }
}
