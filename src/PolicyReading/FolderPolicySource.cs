using JitFunctions.Domain.Policies;
using Folder = System.IO.Directory;

namespace JitFunctions.PolicyReading;

/// <summary>
/// A folder of policy files, such as a mounted ConfigMap, or a single file. Names that begin with a dot are ignored.
/// </summary>
/// <param name="path">The path of the folder or the file.</param>
public sealed class FolderPolicySource(string path) : PolicySource
{
    // The kubelet replaces this symbolic link, and thereby all files of a mounted ConfigMap at once.
    private const string MountedData = "..data";
    private const int MostTries = 3;

    private static readonly EnumerationOptions Here = new() { AttributesToSkip = FileAttributes.Hidden };

    private static readonly EnumerationOptions Below = new()
    {
        AttributesToSkip = FileAttributes.Hidden,
        RecurseSubdirectories = true,
        MaxRecursionDepth = 3,
        IgnoreInaccessible = true,
    };

    private readonly string _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public override string Name => Folder.Exists(_path) ? $"folder {_path}" : $"file {_path}";

    public override async Task<PolicySourceText> ReadAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadOnceAsync(cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (attempt == MostTries)
                    throw new PolicySourceException($"{Name} cannot be read: {e.Message}", e);
            }
        }
    }

    private async Task<PolicySourceText> ReadOnceAsync(CancellationToken cancellation)
    {
        var isFolder = Folder.Exists(_path);
        var mount = isFolder ? _path : Path.GetDirectoryName(_path)!;
        var folder = Resolve(mount);
        var files = isFolder ? await FilesAsync(folder, cancellation) : [await FileAsync(folder, cancellation)];
        var found = Found(files, await PublisherAsync(folder, cancellation));

        // The old target of the link is removed after the link is replaced: some files may then already have been
        // missing.
        return Resolve(mount) == folder ? found : throw new IOException("it was changed while it was read.");
    }

    private static async Task<List<PolicyFileText>> FilesAsync(string folder, CancellationToken cancellation)
    {
        var names = Folder
            .EnumerateFiles(folder, "*", Here)
            .Select(file => Path.GetFileName(file))
            .Where(IsPolicyFile)
            .Order(StringComparer.Ordinal);
        List<PolicyFileText> files = [];
        var left = PolicyFiles.MostBytes;
        foreach (var name in names.Take(PolicyFiles.MostFiles + 1))
        {
            // One byte over the limit is enough for the parser to reject the whole set.
            if (left < 0)
                break;
            var content = await ReadAsync(Path.Combine(folder, name), left + 1, cancellation);
            left -= content.Length;
            files.Add(new(name, Text(content)));
        }

        return [.. files, .. InFoldersBelow(folder)];
    }

    private async Task<PolicyFileText> FileAsync(string folder, CancellationToken cancellation)
    {
        var name = Path.GetFileName(_path);
        var file = Path.Combine(folder, name);
        return new(
            name,
            Text(await ReadAsync(File.Exists(file) ? file : _path, PolicyFiles.MostBytes + 1, cancellation))
        );
    }

    // Files in subfolders are not read. The parser rejects their names, so that nobody believes that they are in force,
    // especially denials.
    private static IEnumerable<PolicyFileText> InFoldersBelow(string folder) =>
        Folder
            .EnumerateFiles(folder, "*", Below)
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => IsPolicyFile(file) && file.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Take(PolicyFiles.MostFiles)
            .Select(file => new PolicyFileText(file.Replace(Path.DirectorySeparatorChar, '/'), string.Empty));

    // Links are resolved once, before anything is read, so that all files are from the same moment.
    private static string Resolve(string folder)
    {
        var target = Folder.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        var data = new DirectoryInfo(Path.Combine(target, MountedData));
        return data.Exists && data.ResolveLinkTarget(returnFinalTarget: true) is { } mounted
            ? mounted.FullName
            : target;
    }

    private static async Task<string?> PublisherAsync(string folder, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, PublisherFile);
        return File.Exists(file) ? Text(await ReadAsync(file, LongestPublisherFile, cancellation)) : null;
    }

    private static async Task<byte[]> ReadAsync(string file, int most, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        var content = new byte[Math.Min(stream.Length, most)];
        var read = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellation);
        return content[..read];
    }
}
