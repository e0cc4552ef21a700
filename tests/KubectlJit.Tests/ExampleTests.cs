using System.CommandLine;
using System.Text.RegularExpressions;
using JitFunctions.KubectlJit.Commands;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>Each command shows in its help how it is used, and it can be used so.</summary>
public sealed partial class ExampleTests
{
    public static TheoryData<string> Paths => [.. All(Root(), "jit").Select(command => command.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Each_command_has_examples_that_its_help_shows(string path)
    {
        var examples = Examples.For(path);
        using var plugin = new Plugin();

        var help = await plugin.RunAsync([.. path.Split(' ')[1..], "--help"]);

        Assert.NotEmpty(examples);
        Assert.Equal(
            [.. examples.Select(example => $"  {example}")],
            help.OutLines.SkipWhile(line => line is not "Examples:").Skip(1).Take(examples.Count)
        );
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Each_example_is_one_of_its_command_that_is_understood(string path)
    {
        foreach (var example in Examples.For(path))
        {
            Assert.StartsWith($"kubectl {path}", example, StringComparison.Ordinal);
            var words = Word()
                .Matches(example.Split([" > ", "; "], StringSplitOptions.None)[0])
                .Select(match => match.Value.Trim('"'))
                .ToArray();
            var parsed = new Command("kubectl") { Root() }.Parse(words[1..]);
            Assert.True(
                parsed.Errors.Count == 0,
                $"{example}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}"
            );
        }
    }

    private static Command Root() =>
        CommandLine.Jit(new GlobalOptions(), new Shell(TextWriter.Null, TextWriter.Null, _ => null, new HastyClock()));

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path) =>
        command.Subcommands.SelectMany(part => All(part, $"{path} {part.Name}")).Prepend((path, command));

    [GeneratedRegex("""\"[^\"]*\"|[^ ]+""")]
    private static partial Regex Word();
}
