using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class ReconcilerCommand : Command, IListCommand
{
    public ReconcilerCommand(GlobalOptions globals, Shell shell)
        : base("reconciler", "Show what the latest run of the reconciler found (for administrators and auditors)")
    {
        SetAction(
            async (parsed, cancel) =>
            {
                using var server = globals.Connect(parsed, shell);
                new ReconcilerOutput(shell, globals.Format(parsed)).Write(await server.ReconcilerAsync(cancel));
            }
        );
    }
}
