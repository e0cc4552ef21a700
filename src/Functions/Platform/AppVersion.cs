using System.Reflection;

namespace JitFunctions.Functions.Platform;

/// <summary>
/// The version of this app and, after a <c>+</c>, the commit from which it was built, if the build knew it.
/// </summary>
internal static class AppVersion
{
    public static string Text { get; } =
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
