using System.Text.RegularExpressions;
using JitFunctions.Domain.Policies;

namespace JitFunctions.PolicyReading;

/// <summary>Regular expressions that a text must match as a whole.</summary>
internal static class ExpressionReader
{
    public static TextPattern? Read(YamlFields fields, string name)
    {
        if (fields.Text(name, TextForm.Expression) is not { } text)
            return null;
        try
        {
            // By itself first: "a)|(b" would be one only within the brackets that hold it together.
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
