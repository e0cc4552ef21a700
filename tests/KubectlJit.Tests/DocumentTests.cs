using System.Text.RegularExpressions;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>What the documents say of the plugin and its server is so.</summary>
public sealed partial class DocumentTests
{
    [Theory]
    [InlineData("kubectl-jit.md")]
    [InlineData("api.md")]
    public void Each_kind_of_danger_is_one_that_policies_know(string document)
    {
        string[] named = [.. Kind().Matches(Read(document)).Select(match => match.Groups["kind"].Value)];

        Assert.NotEmpty(named);
        Assert.Each(
            named,
            kind => Assert.Contains($"\"{kind}\"", Read("policy.schema.json"), StringComparison.Ordinal)
        );
    }

    private static string Read(string document) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", document));

    [GeneratedRegex("""\((?<kind>[a-z-]+), (?:within|in the whole)|"kind": "(?<kind>[a-z-]+)", "reach":""")]
    private static partial Regex Kind();
}
