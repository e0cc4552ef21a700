namespace JitFunctions.LocalStack;

/// <summary>Paths in the checkout of this repository. This assembly is part of its build output.</summary>
internal static class Repository
{
    private const string Marker = "JitFunctions.sln";

    private static readonly string Root = FindRoot();

    public static string Combine(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>
    /// The folder of the function app: <c>JIT_APP</c>, for example its publish folder, or else the build output.
    /// </summary>
    public static string App { get; } =
        Environment.GetEnvironmentVariable("JIT_APP") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : OutputOf("Functions");

    /// <summary>The output folder of another project, built in the same configuration as this one.</summary>
    public static string OutputOf(string project) => Combine("artifacts", "bin", project, Configuration);

    private static string Configuration =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Marker)))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a checkout ({Marker}).");
    }
}
