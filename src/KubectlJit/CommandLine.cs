using System.CommandLine;
using System.Text.Json;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Commands;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit;

internal static class CommandLine
{
    /// <summary>
    /// Runs the plugin. It never throws: it returns an <see cref="ExitCode"/>, and if that is not Ok, it writes a line
    /// to standard error.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, Shell shell, CancellationToken cancel = default)
    {
        try
        {
            // The command is a subcommand of kubectl, so that help shows it as people type it.
            var globals = new GlobalOptions();
            var parsed = new Command("kubectl") { Jit(globals, shell) }.Parse(["jit", .. args], Verbatim);
            if (parsed.Errors.Count > 0)
                return End(shell, Misused(parsed));
            globals.CheckFormat(parsed);
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = shell.Out,
                    Error = shell.Error,
                    EnableDefaultExceptionHandler = false,
                },
                cancel
            );
        }
        catch (Failure failure)
        {
            return End(shell, failure);
        }
        catch (OperationCanceledException)
        {
            return End(shell, new Failure(ExitCode.Interrupted, "stopped", "interrupted", null));
        }
        catch (JsonException other)
        {
            return End(shell, Failure.BadAnswer(other));
        }
        catch (Exception unexpected)
        {
            return End(shell, new Failure(ExitCode.Unexpected, unexpected.Message, "unexpected", null));
        }
    }

    // By default an argument that begins with '@' names a response file, but a reason may begin with "@alice".
    private static readonly ParserConfiguration Verbatim = new() { ResponseFileTokenReplacer = null };

    /// <summary>The whole command, as a subcommand of kubectl.</summary>
    internal static Command Jit(GlobalOptions globals, Shell shell)
    {
        var jit = new Command("jit", "Just-in-time rights for kubectl: ask, wait for approval, work, give back.")
        {
            new RequestCommand(globals, shell),
            new ListCommand(globals, shell),
            new ShowCommand(globals, shell),
            new ReviewCommand(Review.Approve, "Approve a request of someone else", globals, shell),
            new ReviewCommand(Review.Deny, "Deny a request of someone else", globals, shell),
            new ExtendCommand(globals, shell),
            new EndCommand("withdraw", "Take back your request before it is active", globals, shell),
            new EndCommand("relinquish", "Give back your active rights before they expire", globals, shell),
            new EndCommand("revoke", "End someone's active rights", globals, shell),
            new KubeconfigCommand(globals, shell),
            new CredentialCommand(globals, shell),
            new EventsCommand(globals, shell),
            new CanCommand(globals, shell),
            new WhoCanCommand(globals, shell),
            new PoliciesCommand(globals, shell),
            new BreakGlassCommand(globals, shell),
            new AuditCommand(globals, shell),
            new DossierCommand(globals, shell),
            new HeldCommand(globals, shell),
            new ExportCommand(globals, shell),
            new EvidenceCommand(globals, shell),
            new VerifyCommand(globals, shell),
            new SampleCommand(globals, shell),
            new WitnessCommand(shell),
            new ReconcilerCommand(globals, shell),
            new WhoAmICommand(globals, shell),
            new VersionCommand(globals, shell),
        };
        globals.AddTo(jit);
        HelpText.AddTo(jit);
        return jit;
    }

    private static Failure Misused(ParseResult parsed)
    {
        string[] errors = [.. parsed.Errors.Select(error => error.Message.TrimEnd('.'))];
        return new Failure(ExitCode.Usage, errors[0], "usage", $"see {Path(parsed.CommandResult.Command)} --help")
        {
            Details = errors[1..],
        };
    }

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{Path(parent)} {command.Name}"
            : command.Name;

    private static int End(Shell shell, Failure failure)
    {
        failure.WriteTo(shell.Error);
        return (int)failure.ExitCode;
    }
}
