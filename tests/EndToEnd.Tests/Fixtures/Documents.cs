namespace JitFunctions.EndToEnd.Tests;

/// <summary>The code in docs/, to be run as it is.</summary>
internal static class Documents
{
    public static IReadOnlyList<string> Blocks(string document, string language)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", document));
        return
        [
            .. text.Split($"```{language}\n")
                .Skip(1)
                .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]),
        ];
    }
}
