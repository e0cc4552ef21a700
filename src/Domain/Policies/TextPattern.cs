using System.Text.RegularExpressions;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A regular expression that a whole text must match; without backtracking, so that no text can keep it busy.
/// </summary>
public sealed record TextPattern
{
    private readonly Regex _regex;

    /// <exception cref="ArgumentException">Not a regular expression.</exception>
    /// <exception cref="NotSupportedException">One that needs backtracking: look-around, back-references, atomic
    /// groups.</exception>
    public TextPattern(string text)
    {
        Text = text;
        // By itself first: "a)|(b" is none, and would be one within the brackets that hold it together.
        _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        _regex = new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    public string Text { get; }

    public bool Matches(string? text) => text is not null && _regex.IsMatch(text);

    public bool Equals(TextPattern? other) => other?.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
}
