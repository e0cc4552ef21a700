using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>A file that is downloaded: there all at once, or not at all.</summary>
internal static class NewFile
{
    public static void Check(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
            throw Failure.Usage($"{path} exists already", "name another file");
    }

    public static async Task WriteAsync(string path, Func<Stream, Task> download)
    {
        // An archive that is cut must not look like an export.
        var unfinished = $"{path}.part";
        try
        {
            await using (var stream = Create(unfinished))
                await download(stream);
            File.Move(unfinished, path);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    private static FileStream Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure(
                ExitCode.Usage,
                $"{path} cannot be written: {e.Message.TrimEnd('.')}",
                "unwritable-file",
                "name another file",
                e
            );
        }
    }
}
