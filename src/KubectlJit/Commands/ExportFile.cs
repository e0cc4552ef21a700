using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Exports;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>An export or evidence that is read.</summary>
internal static class ExportFile
{
    public static ExportSource Open(string path)
    {
        try
        {
            return ExportSource.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new Failure(
                ExitCode.Usage,
                $"the export {path} cannot be read: {e.Message.TrimEnd('.')}",
                "unreadable-export",
                "give a folder or a zip archive",
                e
            );
        }
    }
}
