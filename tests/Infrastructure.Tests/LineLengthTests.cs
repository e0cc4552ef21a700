using System.Text.RegularExpressions;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>
/// CSharpier breaks code in 120 columns, but no text and no comment. Data of tests stays whole: raw string literals,
/// and names that are sentences.
/// </summary>
public sealed partial class LineLengthTests
{
    private const int Longest = 120;

    [Theory]
    [InlineData("src", false)]
    [InlineData("tools", false)]
    [InlineData("benchmarks", false)]
    [InlineData("tests", true)]
    public void No_line_of_code_is_longer_than_the_formatter_makes_it(string folder, bool isTests)
    {
        var files = Directory.GetFiles(
            Path.Combine(BicepCompiler.Repository, folder),
            "*.cs",
            SearchOption.AllDirectories
        );
        Assert.NotEmpty(files);

        string[] found =
        [
            .. files
                .Order(StringComparer.Ordinal)
                .SelectMany(file =>
                    TooLong(File.ReadLines(file), isTests)
                        .Select(line => $"{Path.GetRelativePath(BicepCompiler.Repository, file)}{line}")
                ),
        ];

        Assert.True(found is [], string.Join('\n', ["Break these lines:", .. found]));
    }

    [Theory]
    [InlineData(false, "(2): 121 characters", "(4): 121 characters", "(7): 121 characters", "(12): 121 characters")]
    [InlineData(true, "(2): 121 characters", "(12): 121 characters")]
    public void Addresses_may_be_longer_and_in_tests_data_too(bool isTests, params string[] expected)
    {
        string[] lines =
        [
            Padded("fits", 120),
            Padded("is too long"),
            Padded("// https://example.com/"),
            Padded("    public async Task A_sentence_that_is_true("),
            "var text = \"\"\"",
            "short",
            Padded("in a raw string literal"),
            "\"\"\";",
            Padded("ö", 120),
            "var one = \"\"\"\" a \"\"\" b \"\"\"\";",
            "var two = $$\"\"\"{{one}}\"\"\";",
            Padded("is too long after literals of one line"),
        ];

        Assert.Equal(expected, TooLong(lines, isTests));
    }

    private static string Padded(string line, int length = Longest + 1) => line.PadRight(length, 'x');

    /// <summary>The number and the length of each.</summary>
    private static IEnumerable<string> TooLong(IEnumerable<string> lines, bool isTests)
    {
        // The quotes that begin the raw string literal that a line is in; as many end it, and fewer are part of it.
        var raw = 0;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var isData = isTests && (raw > 0 || RawQuotes().IsMatch(line) || TestSignature().IsMatch(line));
            foreach (var quotes in RawQuotes().EnumerateMatches(line))
                raw =
                    raw == 0 ? quotes.Length
                    : quotes.Length < raw ? raw
                    : 0;
            var length = line.EnumerateRunes().Count();
            if (length > Longest && !isData && !Address().IsMatch(line))
                yield return $"({number}): {length} characters";
        }

        // A text with quotes that this does not understand would hide the lines beneath it.
        if (raw > 0)
            yield return $"({number}): the file ends within a raw string literal";
    }

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawQuotes();

    [GeneratedRegex("https?://")]
    private static partial Regex Address();

    [GeneratedRegex(@"^\s+public (async )?(Task|void) [A-Z][a-z0-9]*_\w+\(")]
    private static partial Regex TestSignature();
}
