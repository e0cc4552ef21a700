using System.CommandLine;
using System.Net;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.KubectlJit.Witnessing;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Witnessing;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>witness</c>: cosigns the checkpoints of a log for somebody who does not run it.</summary>
internal sealed class WitnessCommand : Command
{
    private readonly Option<string> _policy = new("--policy")
    {
        Description =
            "File that names the logs to cosign (tlog-policy); its witnesses and its quorum do not matter here",
        HelpName = "file",
        Required = true,
    };

    private readonly Option<string> _name = new("--name")
    {
        Description = "The name of this witness, such as auditor.example.com",
        HelpName = "name",
        Required = true,
    };

    private readonly Option<string> _key = new("--key")
    {
        Description = "File with the Ed25519 private key (PEM), used for nothing else",
        HelpName = "file",
        Required = true,
    };

    private readonly Option<string> _state = new("--state")
    {
        Description = "Folder that remembers what was cosigned; losing it is losing what the log has shown",
        HelpName = "folder",
        Required = true,
    };

    private readonly Option<IPEndPoint> _listen = new("--listen")
    {
        Description = "Where to listen for the log, without TLS",
        HelpName = "address",
        DefaultValueFactory = _ => new(IPAddress.Loopback, 8087),
        CustomParser = result =>
        {
            if (IPEndPoint.TryParse(result.Tokens[0].Value, out var address) && address.Port > 0)
                return address;
            result.AddError(
                $"--listen takes an IP address with a port, such as 127.0.0.1:8087, not '{result.Tokens[0].Value}'"
            );
            return null;
        },
    };

    private readonly Shell _shell;

    public WitnessCommand(Shell shell)
        : base("witness", "Cosign the checkpoints of a log, so that it cannot be forked or rolled back unnoticed")
    {
        _shell = shell;
        Options.Add(_policy);
        Options.Add(_name);
        Options.Add(_key);
        Options.Add(_state);
        Options.Add(_listen);
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var logs = TrustFiles.Policy(parsed.GetValue(_policy)!).Logs.Select(log => log.Key).ToList();
        if (logs is [])
            throw Failure.Usage("the policy names no log", "add a line: log VKEY");
        using var folder = Open(parsed.GetValue(_state)!);
        var cosigner = Cosigner(parsed.GetValue(_name)!, TrustFiles.Key(parsed.GetValue(_key)!));
        var server = new WitnessServer(new Witness(cosigner, logs, folder, _shell.Clock), Tell);
        Tell($"The key of this witness is {cosigner.Key}");
        await server.RunAsync(parsed.GetValue(_listen)!, cancel);
    }

    private static Cosigner Cosigner(string name, Ed25519Key key)
    {
        try
        {
            return new(name, key);
        }
        catch (ArgumentException e)
        {
            throw new Failure(ExitCode.Usage, e.Message.TrimEnd('.'), "usage", "see --name", e);
        }
    }

    private static WitnessFolder Open(string path)
    {
        try
        {
            return new(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Failure(
                ExitCode.Usage,
                $"the folder {path} cannot be used: {e.Message.TrimEnd('.')}",
                "unusable-state",
                "end another witness that uses it, or correct its permissions",
                e
            );
        }
    }

    private void Tell(string text) => _shell.Error.WriteLine(Printable.Text(text));
}
