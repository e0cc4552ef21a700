using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Architecture;

/// <summary>
/// Folders use each other in one direction only. Where a test fails it names the arrow and who drew it, such as
/// <c>JitFunctions.Functions.Policies -> JitFunctions.Functions.Notices (PolicyEvaluator uses Reviewers)</c>.
/// </summary>
public sealed class FolderTests
{
    public static TheoryData<string> Projects => ProjectsIn("src", "tools", "tests");

    public static TheoryData<string> Sources => ProjectsIn("src");

    public static TheoryData<string> Drawn => new("src/Domain", "src/Functions", "src/TransparencyLog");

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_of_a_project_use_each_other_in_a_circle(string project) =>
        AssertNone(
            SourceFolders.InCircles(new SourceFolders(project).Arrows()).Select(arrow => $"part of a circle: {arrow}")
        );

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_namespace_is_that_of_its_folder(string project) =>
        AssertNone(new SourceFolders(project).FilesOutsideOfTheirNamespace);

    [Theory]
    [MemberData(nameof(Drawn))]
    public void A_folder_uses_what_the_architecture_lets_it_use(string project)
    {
        var allowed = ArchitectureDocument.Table(project);
        var arrows = BetweenFolders(project);
        Assert.NotEmpty(allowed);

        AssertNone([
            .. arrows.Where(arrow => !allowed.Contains((arrow.From, arrow.To))).Select(arrow => $"refused: {arrow}"),
            .. allowed
                .Except(arrows.Select(arrow => (arrow.From, arrow.To)))
                .Select(only => $"in the table only: {only.From} -> {only.To}"),
        ]);
    }

    /// <summary>An arrow that others make up for is not drawn.</summary>
    [Theory]
    [MemberData(nameof(Drawn))]
    public void The_picture_shows_what_the_table_says(string project)
    {
        IReadOnlyList<FolderArrow> allowed =
        [
            .. ArchitectureDocument.Table(project).Select(x => new FolderArrow(project, x.From, x.To, "table")),
        ];
        var shown = allowed
            .Where(arrow => !SourceFolders.ReachableFrom(arrow.From, [.. allowed.Except([arrow])]).Contains(arrow.To))
            .Select(arrow => (arrow.From, arrow.To));
        Assert.Equal(shown.Order(), ArchitectureDocument.Picture(project).Order());
    }

    private static TheoryData<string> ProjectsIn(params IEnumerable<string> folders) =>
        new(
            folders.SelectMany(top =>
                Directory
                    .EnumerateFiles(Repository.Combine(top), "*.csproj", SearchOption.AllDirectories)
                    .Select(file => $"{top}/{Path.GetFileName(Path.GetDirectoryName(file))}")
            )
        );

    private static void AssertNone(IEnumerable<string> problems)
    {
        if (problems.ToList() is [_, ..] some)
            Assert.Fail(string.Join(Environment.NewLine, some)); // in full, which Assert.Empty does not show
    }

    // The folder of the project itself puts the others together and may use all of them.
    private static IReadOnlyList<FolderArrow> BetweenFolders(string project) =>
        [.. new SourceFolders(project).Arrows().Where(arrow => arrow.From != string.Empty)];
}
