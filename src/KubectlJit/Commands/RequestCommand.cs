using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Settings;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class RequestCommand : Command
{
    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Cluster to act on (else defaultCluster of the configuration file)",
        HelpName = "name",
    };

    private readonly Option<string[]> _namespaces = new("--namespace", "-n")
    {
        Description = "Namespace to act in; may be repeated",
        HelpName = "name",
    };

    private readonly Option<bool> _clusterWide = new("--cluster-wide") { Description = "All namespaces, and what belongs to none" };

    private readonly Option<Role> _role = new("--role")
    {
        Description = "ClusterRole/edit, Role/debugger, or just edit, which means ClusterRole/edit",
        HelpName = "kind/name",
        Required = true,
        CustomParser = ParseRole,
    };

    private readonly Option<string> _duration = new("--duration")
    {
        Description = "How long you need it: 30m, 1h30m, 90s",
        HelpName = "duration",
        Required = true,
    };

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "Why you need it; approvers and auditors read it",
        HelpName = "text",
        Required = true,
    };

    private readonly Option<string?> _ticket = new("--ticket") { Description = "Ticket that this belongs to", HelpName = "key" };

    private readonly Option<string?> _key = new("--idempotency-key")
    {
        Description = "The same key gives the same request, however often it is sent (random by default)",
        HelpName = "key",
    };

    private readonly WaitOptions _wait = new();
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public RequestCommand(GlobalOptions globals, Shell shell)
        : base("request", "Ask for rights in a cluster, for a time")
    {
        (_globals, _shell) = (globals, shell);
        Option[] options = [_cluster, _namespaces, _clusterWide, _role, _duration, _reason, _ticket, _key];
        foreach (var option in options) Options.Add(option);
        _wait.AddTo(this);
        Validators.Add(result =>
        {
            var named = result.GetValue(_namespaces) is { Length: > 0 };
            if (named == result.GetValue(_clusterWide)) result.AddError("Say where: -n NAMESPACE (may be repeated), or --cluster-wide");
        });
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var key = parsed.GetValue(_key) ?? Guid.NewGuid().ToString("N");
        var body = Body(parsed);
        var waits = _wait.Wait(parsed);
        var format = _globals.Format(parsed);
        using var server = _globals.Connect(parsed, _shell, follows: waits);
        var request = await AskAsync(server, body, key, cancel);
        if (waits)
        {
            await new Waiting(_shell, server, format).RunAsync(request, _wait.Timeout(parsed), cancel);
            return;
        }

        new Progress(_shell).Tell(request.Request);
        if (!Status.IsSettled(request.Request.Status)) _shell.Error.WriteLine($"  follow it:  kubectl jit show {request.Request.Id} --wait");
        new RequestOutput(_shell, format).Write(request);
    }

    private static async Task<Snapshot> AskAsync(JitConnection server, NewRequest body, string key, CancellationToken cancel)
    {
        try
        {
            return await server.AskAsync(body, key, cancel);
        }
        catch (Failure failure) when (failure.ExitCode is ExitCode.Unreachable or ExitCode.Unexpected)
        {
            throw failure.With(HowToRepeat(key));
        }
        catch (OperationCanceledException)
        {
            throw new Failure(ExitCode.Interrupted, "stopped before the server answered", "interrupted", null) { Details = [HowToRepeat(key)] };
        }
    }

    private static string HowToRepeat(string key) =>
        $"it may have been made all the same; repeat it safely with: --idempotency-key {key}";

    private NewRequest Body(ParseResult parsed)
    {
        var wide = parsed.GetValue(_clusterWide);
        return new NewRequest(
            parsed.GetValue(_cluster) ?? DefaultCluster(),
            wide ? null : parsed.GetValue(_namespaces),
            wide ? true : null,
            parsed.GetValue(_role)!,
            parsed.GetValue(_duration)!,
            parsed.GetValue(_reason)!,
            parsed.GetValue(_ticket));
    }

    private string DefaultCluster()
    {
        var config = ConfigFile.Load(_shell);
        return config.DefaultCluster ?? throw Failure.Usage("which cluster?", $"give --cluster, or write defaultCluster into {config.Path}");
    }

    private static Role? ParseRole(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var role = text.Split('/') switch
        {
            [{ Length: > 0 } name] => new Role("ClusterRole", name),
            [var kind, { Length: > 0 } name] when kind.Equals("ClusterRole", StringComparison.OrdinalIgnoreCase) => new Role("ClusterRole", name),
            [var kind, { Length: > 0 } name] when kind.Equals("Role", StringComparison.OrdinalIgnoreCase) => new Role("Role", name),
            _ => null,
        };
        if (role is null) result.AddError($"--role takes ClusterRole/NAME, Role/NAME or NAME, not '{text}'");
        return role;
    }
}
