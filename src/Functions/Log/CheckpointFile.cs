using System.Globalization;

namespace JitFunctions.Functions.Log;

/// <summary>The name of a checkpoint in an archive: its size, so that the last name is that of the newest.</summary>
internal static class CheckpointFile
{
    private const string Extension = ".checkpoint";

    public static string Name(long size) => size.ToString("D19", CultureInfo.InvariantCulture) + Extension;

    public static bool IsName(string name) =>
        name.Length == 19 + Extension.Length
        && name.EndsWith(Extension, StringComparison.Ordinal)
        && name.AsSpan(0, 19).IndexOfAnyExceptInRange('0', '9') < 0;
}
