using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>Prints a kubeconfig without a secret: kubectl runs <see cref="CredentialCommand"/> for the token.</summary>
internal sealed class KubeconfigCommand : Command
{
    private readonly Argument<string> _id = RequestIdArgument.Argument();
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public KubeconfigCommand(GlobalOptions globals, Shell shell)
        : base("kubeconfig", "Print a kubeconfig for a grant with its own service account")
    {
        (_globals, _shell) = (globals, shell);
        Arguments.Add(_id);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var server = _globals.Connect(parsed, _shell);
        var request = (await server.ShowAsync(await server.FindIdAsync(parsed.GetValue(_id)!, cancel), cancel)).Request;
        if (!request.IsEphemeral)
        {
            throw new Failure(
                ExitCode.WrongState,
                $"the rights of {request.Id} are bound to {request.Requester.Username}",
                "no-credential",
                $"use your own context for {request.Cluster}"
            );
        }

        var kubeconfig = Of(
            request,
            await server.ClusterAsync(request.Id, cancel),
            _globals.Settings(parsed, _shell).Flags
        );
        Document.Write(
            _shell.Out,
            JsonElement.Parse(kubeconfig.ToJsonString()),
            _globals.Format(parsed) is OutputFormat.Json ? OutputFormat.Json : OutputFormat.Yaml
        );
    }

    private static JsonObject Of(AccessRequest request, ClusterAddress address, IEnumerable<string> flags)
    {
        var (name, cluster, context) = (
            $"jit-{request.Id}",
            new JsonObject { ["server"] = address.Server },
            new JsonObject()
        );
        if (address.CertificateAuthorityData is { } authority)
            cluster["certificate-authority-data"] = authority;
        (context["cluster"], context["user"]) = (address.Name, name);
        if (request.Namespaces is [var first, ..])
            context["namespace"] = first;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["current-context"] = name,
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = address.Name, ["cluster"] = cluster }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = name, ["context"] = context }),
            ["users"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = name,
                    ["user"] = new JsonObject { ["exec"] = Exec(request.Id, flags) },
                }
            ),
        };
    }

    private static JsonObject Exec(string id, IEnumerable<string> flags) =>
        new()
        {
            ["apiVersion"] = CredentialCommand.ApiVersion,
            ["command"] = "kubectl-jit",
            ["args"] = new JsonArray([.. new[] { "credential", id }.Concat(flags).Select(word => (JsonNode)word)]),
            ["interactiveMode"] = "IfAvailable",
            ["installHint"] = "kubectl-jit has to be on your PATH, where kubectl finds it as kubectl jit.",
        };
}
