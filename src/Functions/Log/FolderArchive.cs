using JitFunctions.Projections.Log;

namespace JitFunctions.Functions.Log;

/// <summary>
/// Checkpoints in a folder, such as on a share that keeps versions. Nodes may share it: a file is there as a whole, and
/// is never written twice.
/// </summary>
public sealed class FolderArchive(string folder) : ICheckpointArchive
{
    public async Task<string?> PutAsync(long size, string note, CancellationToken cancellation)
    {
        var file = Path.Combine(folder, CheckpointFile.Name(size));
        if (File.Exists(file))
            return await File.ReadAllTextAsync(file, cancellation);
        var unfinished = Path.Combine(folder, $".{Guid.NewGuid():n}");
        try
        {
            await using (var stream = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(note), cancellation);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file, overwrite: false);
            return null;
        }
        // Another node was faster.
        catch (IOException) when (File.Exists(file))
        {
            return await File.ReadAllTextAsync(file, cancellation);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public async Task<string?> NewestAsync(CancellationToken cancellation) =>
        Directory
            .EnumerateFiles(folder)
            .Select(Path.GetFileName)
            .Where(name => CheckpointFile.IsName(name!))
            .Max(StringComparer.Ordinal)
            is { } newest
            ? await File.ReadAllTextAsync(Path.Combine(folder, newest), cancellation)
            : null;
}
