using System.CommandLine;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.PolicyReading;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// <c>policies check</c>: checks without a server whether policy files are valid, with the same reader as the server.
/// </summary>
internal sealed class PolicyCheckCommand : Command
{
    private readonly Argument<string> _path = new("folder")
    {
        Description = "The folder of policy files, or one file",
        HelpName = "FOLDER",
    };
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public PolicyCheckCommand(GlobalOptions globals, Shell shell)
        : base(
            "check",
            "Check policy files before they are published; needs no server. Exits with 1 when they are not valid"
        )
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_path);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var path = parsed.GetValue(_path)!;
        var check = await CheckAsync(path, cancel);
        new PolicyOutput(_shell, _globals.Format(parsed)).WriteCheck(check);
        if (check.Errors is not [])
        {
            throw new Failure(
                ExitCode.Unexpected,
                $"the policy files of {path} are not valid: {check.Errors.Count} "
                    + $"{(check.Errors.Count == 1 ? "error" : "errors")}",
                "invalid-policies",
                "correct them; published like this, the version in force would stay in force"
            );
        }
    }

    private static async Task<PolicyCheck> CheckAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await PolicyCheck.RunAsync(path, cancel);
        }
        catch (PolicySourceException e)
        {
            throw new Failure(
                ExitCode.Usage,
                e.Message.TrimEnd('.'),
                "unreadable-policies",
                "correct the path or its permissions",
                e
            );
        }
    }
}
