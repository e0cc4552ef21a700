namespace JitFunctions.PolicyReading;

/// <summary>
/// Checks policy files in place, without an app, a database or a cluster, for example in a pipeline before they are
/// published.
/// </summary>
/// <param name="Version">The version that the files would have: <see cref="PolicyFiles.VersionOf"/>.</param>
/// <param name="Files">The number of files.</param>
/// <param name="Policies">The number of policies in the files; 0 if there are errors.</param>
/// <param name="Errors">The same lines with which the app would reject the files: <c>file:line:column:
/// message</c>.</param>
public sealed record PolicyCheck(string Version, int Files, int Policies, IReadOnlyList<string> Errors)
{
    /// <summary>One line about files without errors.</summary>
    public string Summary =>
        $"valid: {Count(Policies, "policy", "policies")} in {Count(Files, "file", "files")}, version {Version}";

    /// <param name="path">The path of a folder of policy files, or of one file.</param>
    /// <exception cref="PolicySourceException">Nothing exists at the path, or it cannot be read.</exception>
    public static async Task<PolicyCheck> RunAsync(string path, CancellationToken cancellation)
    {
        var files = (await new FolderPolicySource(path).ReadAsync(cancellation)).Files;
        var version = PolicyFiles.VersionOf(files);
        try
        {
            return new(version, files.Count, PolicyFiles.Parse(files).Policies.Count, []);
        }
        catch (InvalidPolicyException e)
        {
            return new(version, files.Count, 0, e.Errors);
        }
    }

    private static string Count(int count, string one, string more) => $"{count} {(count == 1 ? one : more)}";
}
