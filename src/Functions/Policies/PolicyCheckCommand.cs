using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Policies;

/// <summary>
/// <c>policies check PATH</c>: checks the policy files of a folder, for a pipeline that has the app and not the plugin.
/// It reads no settings of the app, and connects to nothing.
/// </summary>
internal static class PolicyCheckCommand
{
    private const string Usage = "usage: policies check PATH";

    public static bool IsMeant(string[] args) => args is ["policies", ..];

    /// <returns>
    /// 0 when the files are valid, 1 when they are not, 2 for an error in the arguments or a path that cannot be read.
    /// </returns>
    public static async Task<int> RunAsync(
        string[] args,
        TextWriter report,
        TextWriter errors,
        CancellationToken cancellation
    )
    {
        if (args is not ["policies", "check", [_, ..] path])
        {
            await errors.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            var check = await PolicyCheck.RunAsync(path, cancellation);
            foreach (var error in check.Errors)
                await report.WriteLineAsync(error);
            if (check.Errors is [])
                await report.WriteLineAsync(check.Summary);
            return check.Errors is [] ? 0 : 1;
        }
        catch (PolicySourceException e)
        {
            await errors.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
