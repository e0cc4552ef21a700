namespace JitFunctions.PolicyReading;

/// <summary>
/// Policy files looked at where they lie, without an app, a database or a cluster: what a pipeline does before it
/// publishes them.
/// </summary>
/// <param name="Version">What the version would be called: <see cref="PolicyFiles.VersionOf"/>.</param>
/// <param name="Files">How many there are.</param>
/// <param name="Policies">How many they hold; 0 when there are errors.</param>
/// <param name="Errors">The very lines with which the app would reject the files: <c>file:line:column:
/// message</c>.</param>
public sealed record PolicyCheck(string Version, int Files, int Policies, IReadOnlyList<string> Errors)
{
    /// <summary>One line about files without errors.</summary>
    public string Summary =>
        $"valid: {Count(Policies, "policy", "policies")} in {Count(Files, "file", "files")}, version {Version}";

    /// <param name="path">Of a folder of policy files, or of one.</param>
    /// <exception cref="PolicySourceException">There is nothing at the path, or it cannot be read.</exception>
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
