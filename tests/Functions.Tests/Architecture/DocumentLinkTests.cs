using System.Text.RegularExpressions;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Architecture;

public sealed partial class DocumentLinkTests
{
    private static readonly string[] AtTheRoot = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

    public static TheoryData<string> Documents =>
        new(
            AtTheRoot.Concat(
                Directory
                    .EnumerateFiles(Repository.Combine("docs"), "*.md", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(Repository.Combine(), file))
            )
        );

    [Theory]
    [MemberData(nameof(Documents))]
    public void What_a_document_links_to_is_there(string document)
    {
        var folder = Path.GetDirectoryName(Repository.Combine(document))!;
        var lost = Link()
            .Matches(File.ReadAllText(Repository.Combine(document)))
            .Select(link => link.Groups[1].Value)
            .Where(target => !Path.Exists(Path.Combine(folder, target)));
        Assert.Empty(lost);
    }

    /// <summary>To a file or a folder of the repository, without its anchor.</summary>
    [GeneratedRegex(@"\]\((?!\w+:)([^)\s#]+)")]
    private static partial Regex Link();
}
