namespace JitFunctions.TransparencyLog.Exports;

/// <summary>Writes an export into a folder, which is created if it does not exist.</summary>
public sealed class FolderTarget(string path) : IExportTarget
{
    /// <exception cref="IOException">There is a file of this name already.</exception>
    public Task<Stream> CreateAsync(string name, CancellationToken cancellation)
    {
        var file = Path.Combine(path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return Task.FromResult<Stream>(new FileStream(file, FileMode.CreateNew, FileAccess.Write));
    }
}
