using System.Formats.Tar;
using JitFunctions.LocalStack;

namespace JitFunctions.Benchmarks;

/// <summary>The source of one revision: this checkout as it is, or another revision beside it.</summary>
internal sealed record Tree(string Name, string Root)
{
    // Relative to the root of the repository, where ./dev runs this.
    private const string Revisions = "artifacts/against";
    private const string HostApp = "benchmarks/HostApp";

    public static readonly Tree Present = new("present", ".");

    /// <summary>
    /// Lays out the files of a revision of git, unless they are there from an earlier run, with the app that measures
    /// its host.
    /// </summary>
    public static async Task<Tree> CheckOutAsync(string revision, CancellationToken cancellation)
    {
        var commit = (await Git("rev-parse", "--verify", "--end-of-options", $"{revision}^{{commit}}")).StdOut.Trim();
        var tree = new Tree(commit[..7], Path.Combine(Revisions, commit));
        if (!Directory.Exists(tree.Root))
        {
            var archive = $"{tree.Root}.tar";
            Directory.CreateDirectory(Revisions);
            await Git("archive", "--output", archive, commit);
            var unfinished = Directory.CreateDirectory($"{tree.Root}.{Environment.ProcessId}").FullName;
            await TarFile.ExtractToDirectoryAsync(archive, unfinished, overwriteFiles: true, cancellation);
            File.Delete(archive);
            Directory.Move(unfinished, tree.Root);
        }

        Directory.CreateDirectory(Path.Combine(tree.Root, HostApp));
        foreach (var file in Directory.EnumerateFiles(HostApp))
            File.Copy(file, Path.Combine(tree.Root, file), overwrite: true);
        return tree;

        async Task<Command> Git(params string[] arguments) =>
            (await Command.RunAsync("git", arguments, cancellation: cancellation)).OrThrow($"git {arguments[0]}");
    }

    /// <returns>The app's assembly, published as for a deployment.</returns>
    public Task<string> PublishHostAppAsync(CancellationToken cancellation) => PublishAsync(HostApp, cancellation);

    /// <inheritdoc cref="PublishHostAppAsync"/>
    public Task<string> PublishProductAsync(CancellationToken cancellation) =>
        PublishAsync("src/Functions", cancellation);

    private async Task<string> PublishAsync(string project, CancellationToken cancellation)
    {
        var name = Path.GetFileName(project);
        var folder = Path.GetFullPath(Path.Combine(Root, "artifacts", "bench", name));
        string[] arguments =
        [
            "publish",
            project,
            "--configuration",
            "Release",
            "--output",
            folder,
            "--verbosity",
            "quiet",
        ];
        (
            await Command.RunAsync(
                "dotnet",
                arguments,
                workingDirectory: Path.GetFullPath(Root),
                cancellation: cancellation
            )
        ).OrThrow($"dotnet publish of {name}, {Name}");
        return Path.Combine(folder, $"JitFunctions.{name}.dll");
    }
}
