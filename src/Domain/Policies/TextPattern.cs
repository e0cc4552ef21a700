using System.Text.RegularExpressions;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// A regular expression that must match the whole text. It does not use backtracking, so that no text can make it slow.
/// </summary>
public sealed record TextPattern
{
    private readonly Regex _regex;

    /// <exception cref="ArgumentException">The text is not a regular expression.</exception>
    /// <exception cref="NotSupportedException">The expression needs backtracking: look-around, back-references, atomic
    /// groups.</exception>
    public TextPattern(string text)
    {
        Text = text;
        // Check the expression alone first: "a)|(b" is invalid, but becomes valid inside the group below.
        _ = new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        _regex = new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    public string Text { get; }

    public bool Matches(string? text) => text is not null && _regex.IsMatch(text);

    public bool Equals(TextPattern? other) => other?.Text == Text;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);
}
