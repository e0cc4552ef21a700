using System.Reflection;

namespace JitFunctions.Functions.Platform;

/// <summary>The version of this app, and behind a <c>+</c> the commit that it was built from, where the build knew
/// it.</summary>
internal static class AppVersion
{
    public static string Text { get; } =
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
