using System.Reflection;

namespace JitFunctions.KubectlJit.Api;

/// <param name="Commit">Null when the build did not know the commit.</param>
internal sealed record BuildVersion(string Version, string? Commit)
{
    /// <summary>The version of the plugin, as text.</summary>
    public static string OwnText { get; } =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static BuildVersion Own => Parse(OwnText);

    /// <param name="text">A semantic version, with the commit as build metadata.</param>
    public static BuildVersion Parse(string text) =>
        text.Split('+', 2) is [var version, { Length: > 0 } commit] ? new(version, commit) : new(text, null);

    public override string ToString() => Commit is null ? Version : $"{Version}, commit {Commit}";
}

/// <summary>The output of <c>kubectl jit version</c> for scripts.</summary>
/// <param name="Server">Null when the server was not asked, did not answer, or is too old to send its version.</param>
internal sealed record VersionReport(BuildVersion Client, BuildVersion? Server);
