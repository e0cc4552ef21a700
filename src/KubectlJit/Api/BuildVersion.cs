using System.Reflection;

namespace JitFunctions.KubectlJit.Api;

/// <param name="Commit">Null where the build did not know it.</param>
internal sealed record BuildVersion(string Version, string? Commit)
{
    /// <summary>The plugin's, in one text.</summary>
    public static string OwnText { get; } =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static BuildVersion Own => Parse(OwnText);

    /// <param name="text">A semantic version; the commit is its metadata.</param>
    public static BuildVersion Parse(string text) =>
        text.Split('+', 2) is [var version, { Length: > 0 } commit] ? new(version, commit) : new(text, null);

    public override string ToString() => Commit is null ? Version : $"{Version}, commit {Commit}";
}

/// <summary>What <c>kubectl jit version</c> prints for scripts.</summary>
/// <param name="Server">Null where it was not asked, did not answer, or is too old to tell.</param>
internal sealed record VersionReport(BuildVersion Client, BuildVersion? Server);
