using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class BreakGlassCommand : Command, IListCommand
{
    public BreakGlassCommand(GlobalOptions globals, Shell shell)
        : base("break-glass", "List the break-glass requests whose review is owed, overdue ones first (for auditors)")
    {
        SetAction(
            async (parsed, cancel) =>
            {
                using var server = globals.Connect(parsed, shell);
                var owed = await server.OwedReviewsAsync(cancel);
                new RequestOutput(shell, globals.Format(parsed)).WriteOwed(owed);
                if (owed.Count == 0)
                    shell.Error.WriteLine("No review is owed.");
            }
        );
    }
}
