using System.CommandLine;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// The command that kubectl runs to get a token, as configured in the kubeconfig that <see cref="KubeconfigCommand"/>
/// prints. The token is stored nowhere: each kubectl call asks the server, which returns the same token for some
/// minutes.
/// </summary>
internal sealed class CredentialCommand : Command
{
    /// <summary>https://kubernetes.io/docs/reference/config-api/client-authentication.v1/</summary>
    public const string ApiVersion = "client.authentication.k8s.io/v1";

    private readonly Argument<string> _id = RequestIdArgument.Argument();
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public CredentialCommand(GlobalOptions globals, Shell shell)
        : base("credential", "Print the token of a grant with its own service account, in the format for kubectl")
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_id);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var server = _globals.Connect(parsed, _shell);
        var credential = await server.CredentialAsync(parsed.GetValue(_id)!, cancel);
        var answer = new JsonObject
        {
            ["apiVersion"] = ApiVersion,
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject
            {
                ["token"] = credential.Token,
                ["expirationTimestamp"] = Timestamps.Exact(credential.ExpiresAt),
            },
        };
        _shell.Out.WriteLine(answer.ToJsonString());
    }
}
