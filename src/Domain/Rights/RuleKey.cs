using System.Globalization;

namespace JitFunctions.Domain.Rights;

/// <summary>
/// Turns rules into texts for comparison. Words may contain any character, so each is preceded by its length: two
/// different rules never have the same text.
/// </summary>
internal static class RuleKey
{
    public static string Of(IEnumerable<RbacRule> rules) =>
        string.Concat(
            rules.Select(rule =>
                $"{Of(rule.ApiGroups)}{Of(rule.Resources)}{Of(rule.Verbs)}"
                + $"{Of(rule.ResourceNames ?? [])}{Of(rule.NonResourceUrls ?? [])}"
            )
        );

    public static string Of(IReadOnlyList<string> words) =>
        string.Create(CultureInfo.InvariantCulture, $"{words.Count}[{string.Concat(words.Select(Measured))}]");

    private static string Measured(string word) => string.Create(CultureInfo.InvariantCulture, $"{word.Length}:{word}");
}
