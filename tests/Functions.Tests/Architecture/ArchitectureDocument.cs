using System.Text.RegularExpressions;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Architecture;

/// <summary>What docs/architecture.md says of the folders.</summary>
internal static partial class ArchitectureDocument
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.Combine("docs", "architecture.md"));

    /// <summary>The table below the heading of the project: a folder, what it is for, what it uses.</summary>
    public static IReadOnlyList<(string From, string To)> Table(string project) =>
        [
            .. Lines
                .SkipWhile(line => line != $"### {project}")
                .Skip(1)
                .TakeWhile(line => !line.StartsWith('#'))
                .Select(line => line.Split('|'))
                .Where(cells => cells is [_, _, _, _, _] && Quoted().IsMatch(cells[1]))
                .SelectMany(cells =>
                    Quoted()
                        .Matches(cells[3])
                        .Select(used =>
                            (Folder(Quoted().Match(cells[1]).Groups[1].Value), Folder(used.Groups[1].Value))
                        )
                ),
        ];

    /// <summary>The arrows within the project, of the Mermaid picture.</summary>
    public static IReadOnlyList<(string From, string To)> Picture(string project)
    {
        var names = Lines
            .SkipWhile(line =>
                !line.TrimStart().StartsWith($"subgraph {project.Split('/')[^1]}[", StringComparison.Ordinal)
            )
            .TakeWhile(line => line.Trim() != "end")
            .Select(line => Node().Match(line))
            .Where(node => node.Success)
            .ToDictionary(node => node.Groups[1].Value, node => Folder(node.Groups[2].Value));
        return
        [
            .. Lines
                .Select(line => Edge().Match(line))
                .Where(edge => edge.Success && names.ContainsKey(edge.Groups[1].Value))
                .SelectMany(edge =>
                    edge.Groups[2].Value.Split(" & ").Select(to => (names[edge.Groups[1].Value], names[to]))
                ),
        ];
    }

    private static string Folder(string path) => path.Replace('/', '.');

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^\s*(\w+)\["([^"]+)"\]$""")]
    private static partial Regex Node();

    [GeneratedRegex(@"^\s*(\w+) --> (\w+(?: & \w+)*)$")]
    private static partial Regex Edge();
}
