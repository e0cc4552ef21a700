using System.Text.RegularExpressions;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Architecture;

/// <summary>One folder of a project uses another.</summary>
/// <param name="From">As a namespace, below that of the project; empty for the project's own folder.</param>
/// <param name="By">A file that does, and what it uses.</param>
internal sealed record FolderArrow(string Project, string From, string To, string By)
{
    public override string ToString() => $"{Full(From)} -> {Full(To)} ({By})";

    private string Full(string folder) => folder == string.Empty ? Project : $"{Project}.{folder}";
}

/// <summary>
/// Which folder of a project uses which, read from the sources: a compiled assembly shows neither constants nor
/// <c>nameof</c>. What is used is a name of a type, or of an extension method, whose namespace the file can see. That
/// the file needs each namespace that it imports, the build sees to (IDE0005).
/// </summary>
internal sealed partial class SourceFolders
{
    private readonly string _project;
    private readonly List<SourceFile> _files = [];

    /// <param name="path">Of the project, from the root of the repository.</param>
    public SourceFolders(string path)
    {
        var root = Repository.Combine(path.Split('/'));
        _project = $"JitFunctions.{Path.GetFileName(root)}";
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('/', '.').Trim('.');
            if (folder.Split('.') is not ["obj" or "bin", ..])
                _files.Add(SourceFile.Read(file, folder == string.Empty ? _project : $"{_project}.{folder}"));
        }
    }

    public IEnumerable<string> FilesOutsideOfTheirNamespace =>
        _files
            .Where(file => file.Namespace is not null && file.Namespace != file.Folder)
            .Select(file => $"{file.Name} is in {file.Folder} and has the namespace {file.Namespace}");

    public IReadOnlyList<FolderArrow> Arrows()
    {
        var homes = _files
            .SelectMany(file => file.Declared.Select(name => (Name: name, Home: new Home(file.Folder, file.Namespace))))
            .Distinct()
            .ToLookup(one => one.Name, one => one.Home);
        var namespaces = _files.Select(file => new Home(file.Folder, file.Namespace)).ToLookup(home => home.Namespace);
        return
        [
            .. _files
                .SelectMany(file => file.Uses(homes, namespaces).Select(use => (file, use)))
                .Select(one => new FolderArrow(
                    _project,
                    Short(one.file.Folder),
                    Short(one.use.Folder),
                    $"{one.file.Name} uses {one.use.Name.TrimStart('.')}"
                ))
                .DistinctBy(arrow => (arrow.From, arrow.To))
                .OrderBy(arrow => arrow.From, StringComparer.Ordinal)
                .ThenBy(arrow => arrow.To, StringComparer.Ordinal),
        ];
    }

    /// <summary>The arrows that lead back to where they come from, over others or at once.</summary>
    public static IEnumerable<FolderArrow> InCircles(IReadOnlyList<FolderArrow> arrows) =>
        arrows.Where(arrow => ReachableFrom(arrow.To, arrows).Contains(arrow.From));

    public static HashSet<string> ReachableFrom(string folder, IReadOnlyList<FolderArrow> arrows)
    {
        var (seen, open) = (new HashSet<string>(), new Queue<string>([folder]));
        while (open.TryDequeue(out var next))
        {
            foreach (var arrow in arrows.Where(arrow => arrow.From == next && seen.Add(arrow.To)))
                open.Enqueue(arrow.To);
        }

        return seen;
    }

    private string Short(string folder) => folder == _project ? string.Empty : folder[(_project.Length + 1)..];

    private sealed record Home(string Folder, string? Namespace);

    private sealed partial record SourceFile(
        string Name,
        string Folder,
        string? Namespace,
        IReadOnlySet<string> Imports,
        IReadOnlyList<string> Declared,
        IReadOnlySet<string> Words,
        IReadOnlySet<(string Qualifier, string Name)> Qualified
    )
    {
        public static SourceFile Read(string path, string folder)
        {
            var code = WithoutText(File.ReadAllText(path));
            var body = Using().Replace(code, string.Empty);
            return new(
                Path.GetFileNameWithoutExtension(path),
                folder,
                NamespaceLine().Match(code) is { Success: true, Groups: var line } ? line[1].Value : null,
                Using().Matches(code).Select(one => one.Groups["name"].Value).ToHashSet(),
                [
                    .. TypeDeclaration().Matches(body).Select(Value),
                    .. ExtensionMethod().Matches(body).Select(Value).Select(name => $".{name}"),
                ],
                Word().Matches(body).Select(Value).ToHashSet(),
                QualifiedName().Matches(body).Select(one => (one.Groups[1].Value, one.Groups[2].Value)).ToHashSet()
            );
        }

        /// <param name="homes">Where something of a name is declared.</param>
        public IEnumerable<(string Name, string Folder)> Uses(
            ILookup<string, Home> homes,
            ILookup<string?, Home> namespaces
        )
        {
            // A namespace, or a type of one.
            var imported = Imports
                .Concat(Imports.Select(Parent).Where(parent => Imports.Any(import => IsTypeOf(import, parent))))
                .ToHashSet();
            var seen = Words
                .Where(word => homes[word].All(home => home.Folder != Folder))
                .SelectMany(word => homes[word].Where(Sees).Select(home => (Name: word, Home: home)));
            // By the end of a namespace, as in Requests.Verdict.
            var named = Qualified
                .Where(one => !homes.Contains(one.Qualifier))
                .SelectMany(one =>
                    homes[one.Name]
                        .Where(home => home.Namespace?.Split('.')[^1] == one.Qualifier)
                        .Select(home => (one.Name, Home: home))
                );
            var uses = seen.Concat(named).ToList();
            var others = imported
                .Except(uses.Select(use => use.Home.Namespace ?? string.Empty))
                .SelectMany(import => namespaces[import].Select(home => (Name: import, Home: home)));
            return uses.Concat(others).Select(use => (use.Name, use.Home.Folder)).Where(use => use.Folder != Folder);

            bool IsTypeOf(string import, string parent) =>
                Parent(import) == parent && homes[import[(parent.Length + 1)..]].Any(home => home.Namespace == parent);

            bool Sees(Home home) =>
                imported.Contains(home.Namespace ?? string.Empty)
                || $"{Namespace}.".StartsWith($"{home.Namespace}.", StringComparison.Ordinal);
        }

        private static string Parent(string import) => import[..Math.Max(0, import.LastIndexOf('.'))];

        private static string Value(Match match) => match.Groups["name"].Value;

        // What an interpolated string computes stays.
        private static string WithoutText(string code) =>
            Text()
                .Replace(
                    Comment().Replace(code, " "),
                    text =>
                        text.Value.StartsWith('$')
                            ? string.Join(' ', Hole().Matches(text.Value).Select(hole => hole.Groups["code"].Value))
                            : " "
                );

        [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex(@"^(global )?using (static )?(\w+ = )?(?<name>[\w.]+);\s*$", RegexOptions.Multiline)]
        private static partial Regex Using();

        [GeneratedRegex(
            @"^(\[.*\]\s*)?((public|internal|static|sealed|abstract|partial|readonly) )*"
                + @"(class|record struct|record|struct|interface|enum) (?<name>\w+)",
            RegexOptions.Multiline
        )]
        private static partial Regex TypeDeclaration();

        [GeneratedRegex(@"\b(?:public|internal) static [^\n(]*?\b(?<name>\w+)(<[^()]*?>)?\(\s*this ")]
        private static partial Regex ExtensionMethod();

        // With its dot where it is a member of something: an extension method may be meant then, and no type.
        [GeneratedRegex(@"(?<name>\.?\b[A-Z]\w*)")]
        private static partial Regex Word();

        [GeneratedRegex(@"\b([A-Z]\w*)\.([A-Z]\w*)")]
        private static partial Regex QualifiedName();

        [GeneratedRegex("""(?<!["':/])//.*$|/\*.*?\*/""", RegexOptions.Multiline)]
        private static partial Regex Comment();

        [GeneratedRegex("\\$*\"\"\"[\\s\\S]*?\"\"\"|\\$?\"(\\\\.|[^\"\\\\\\n])*\"")]
        private static partial Regex Text();

        [GeneratedRegex(@"\{(?<code>[^{}""]*)\}")]
        private static partial Regex Hole();
    }
}
