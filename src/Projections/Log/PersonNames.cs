using System.Text.RegularExpressions;

namespace JitFunctions.Projections.Log;

/// <summary>All texts that name one person: subject, user names, and what else the operator gives.</summary>
public sealed class PersonNames
{
    /// <summary>A shorter name would be found in too many other words.</summary>
    public const int Shortest = 3;

    public PersonNames(IEnumerable<string> names) =>
        All = [.. names.Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(name => name.Length)];

    /// <summary>The longest first, so that one that is part of another does not cut it.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>Whether the text has a name in it, in upper or lower case.</summary>
    public bool AreIn(string text) => All.Any(name => text.Contains(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the text is one of the names.</summary>
    public bool Have(string? text) => text is not null && All.Contains(text, StringComparer.OrdinalIgnoreCase);

    public string Replace(string text, string placeholder) =>
        All.Aggregate(text, (left, name) => left.Replace(name, placeholder, StringComparison.OrdinalIgnoreCase));

    /// <summary>For PostgreSQL: finds any of the names.</summary>
    /// <param name="isJson">Whether the text is JSON, in which some characters are escaped.</param>
    internal string Pattern(bool isJson) =>
        string.Join(
            '|',
            All.Select(name =>
                Regex.Replace(
                    isJson
                        ? name.Replace("\\", "\\\\", StringComparison.Ordinal)
                            .Replace("\"", "\\\"", StringComparison.Ordinal)
                        : name,
                    "[^A-Za-z0-9\u0080-\uffff]",
                    match => $"\\{match.Value}"
                )
            )
        );
}
