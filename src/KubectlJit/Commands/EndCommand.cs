using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>withdraw</c>, <c>relinquish</c> and <c>revoke</c>.</summary>
internal sealed class EndCommand : Command
{
    public EndCommand(string how, string description, GlobalOptions globals, Shell shell)
        : base(how, description)
    {
        var ids = RequestIdArgument.Several();
        var comment = new Option<string?>("--comment")
        {
            Description = "Why, for the others and for auditors",
            HelpName = "text",
        };
        Arguments.Add(ids);
        Options.Add(comment);
        SetAction(
            async (parsed, cancel) =>
            {
                using var server = globals.Connect(parsed, shell);
                var body = new NewEnding(parsed.GetValue(comment));
                await new EachRequest(shell, globals.Format(parsed)).RunAsync(
                    parsed.GetValue(ids)!,
                    async text => await server.EndAsync(await server.FindIdAsync(text, cancel), how, body, cancel)
                );
            }
        );
    }
}
