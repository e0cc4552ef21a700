using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed partial class PoliciesCommand : Command, IListCommand
{
    private readonly Argument<string?> _version = new("version")
    {
        Description = $"Show this version with its files; {PolicyCalls.InForce} is the current one",
        HelpName = "VERSION",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<DateTimeOffset?> _at;
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public PoliciesCommand(GlobalOptions globals, Shell shell)
        : base(
            "policies",
            "List the versions of the policies, or show one (for administrators and auditors); or check files"
        )
    {
        (_globals, _shell) = (globals, shell);
        _at = TimeOption.At(
            shell,
            "Show the version that was in force at this time: 2026-12-01T22:00 (here), 2026-12-01T22:00:00Z"
        );
        Arguments.Add(_version);
        Subcommands.Add(new PolicyCheckCommand(globals, shell));
        Options.Add(_at);
        Validators.Add(result =>
        {
            if (result.GetResult(_at) is not null && result.GetValue(_version) is not (null or PolicyCalls.InForce))
                result.AddError("Name a version, or a time with --at, not both");
        });
        SetAction(RunAsync);
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var output = new PolicyOutput(_shell, _globals.Format(parsed));
        var (version, at) = (parsed.GetValue(_version), parsed.GetValue(_at));
        if (_globals.Format(parsed) is OutputFormat.Csv && (version ?? (object?)at) is not null)
            throw GlobalOptions.OnlyLists();
        using var server = _globals.Connect(parsed, _shell);
        if (version is null && at is null)
            output.WriteVersions(await server.PolicyVersionsAsync(cancel));
        else
            output.WriteVersion(
                await ShowAsync(
                    server,
                    version ?? PolicyCalls.InForce,
                    at is { } time ? Timestamps.Exact(time) : null,
                    cancel
                )
            );
    }

    // The list shows only the beginning of each version, so a beginning is accepted here.
    private static async Task<JsonElement> ShowAsync(
        JitConnection server,
        string version,
        string? at,
        CancellationToken cancel
    )
    {
        try
        {
            return await server.PolicyVersionAsync(version, at, cancel);
        }
        catch (Failure failure) when (failure.ExitCode is ExitCode.NotFound && Beginning().IsMatch(version))
        {
            var like = await server.VersionsLikeAsync(version, cancel);
            if (like is [])
                throw;
            if (like is [var only])
                return await server.PolicyVersionAsync(only, at, cancel);
            throw new Failure(
                ExitCode.Usage,
                $"more than one version begins with '{version}'",
                "ambiguous-version",
                "give more of it"
            )
            {
                Details = like,
            };
        }
    }

    [GeneratedRegex(@"\A(?:sha256:)?[0-9a-f]{6,63}\z")]
    private static partial Regex Beginning();
}
