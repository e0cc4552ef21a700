using System.Text.Json.Nodes;

namespace JitFunctions.Infrastructure.Tests;

public sealed class CompileTests
{
    public static IEnumerable<TheoryDataRow<string>> Templates =>
        Directory
            .GetFiles(BicepCompiler.Templates, "*.bicep", SearchOption.AllDirectories)
            .Select(file => new TheoryDataRow<string>(Path.GetRelativePath(BicepCompiler.Templates, file)));

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_compiles_without_an_error_or_a_warning(string template) =>
        Assert.NotNull(BicepCompiler.Build(Path.Combine(BicepCompiler.Templates, template))["resources"]);

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_is_formatted(string template)
    {
        var path = Path.Combine(BicepCompiler.Templates, template);
        Assert.Equal(File.ReadAllText(path).TrimEnd(), BicepCompiler.Run("format", path, "--stdout").TrimEnd());
    }

    // That it is well-formed for the compiler is part of predicting.
    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void The_parameters_fit_and_every_module_can_be_looked_into(string installation)
    {
        var snapshot = AzureInstallation.Named(installation).Snapshot;
        Assert.Empty(snapshot["diagnostics"]!.AsArray());
        Assert.NotEmpty(snapshot["predictedResources"]!.AsArray());
    }

    [Fact]
    public void A_warning_fails()
    {
        using var templates = new TemplateCopy();
        var sloppy = templates.Write("sloppy.bicep", "param nobodyReadsIt string\n");
        Assert.Contains(
            "no-unused-params",
            Assert.Throws<InvalidOperationException>(() => BicepCompiler.Build(sloppy)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_rule_of_the_linter_is_an_error()
    {
        // The configuration has comments.
        var rules = JsonNode.Parse(
            File.ReadAllText(Path.Combine(BicepCompiler.Templates, "bicepconfig.json")),
            documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip }
        )!["analyzers"]!["core"]!["rules"]!.AsObject();
        Assert.Each(rules, rule => Assert.Equal("error", (string?)rule.Value!["level"]));
        Assert.True(rules.Count > 30);
    }
}
