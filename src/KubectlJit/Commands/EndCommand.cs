using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>withdraw</c>, <c>relinquish</c> and <c>revoke</c>.</summary>
internal sealed class EndCommand : Command
{
    public EndCommand(string how, string description, GlobalOptions globals, Shell shell)
        : base(how, description)
    {
        var id = RequestId.Argument();
        var comment = new Option<string?>("--comment") { Description = "Why, for the others and for auditors", HelpName = "text" };
        Arguments.Add(id);
        Options.Add(comment);
        SetAction(async (parsed, cancel) =>
        {
            using var server = globals.Connect(parsed, shell);
            var request = await server.EndAsync(parsed.GetValue(id)!, how, new NewEnding(parsed.GetValue(comment)), cancel);
            new RequestOutput(shell, globals.Format(parsed)).Write(request);
        });
    }
}
