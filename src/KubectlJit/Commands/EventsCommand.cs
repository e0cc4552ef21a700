using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class EventsCommand : Command, IListCommand
{
    public EventsCommand(GlobalOptions globals, Shell shell)
        : base("events", "Show what happened to a request, oldest first")
    {
        var id = RequestIdArgument.Argument();
        Arguments.Add(id);
        SetAction(
            async (parsed, cancel) =>
            {
                using var server = globals.Connect(parsed, shell);
                new EventOutput(shell, globals.Format(parsed), ofMany: false).Add(
                    await server.EventsAsync(await server.FindIdAsync(parsed.GetValue(id)!, cancel), cancel)
                );
            }
        );
    }
}
