using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>approve</c> and <c>deny</c>.</summary>
internal sealed class ReviewCommand : Command
{
    public ReviewCommand(string verdict, string description, GlobalOptions globals, Shell shell)
        : base(verdict, description)
    {
        var id = RequestId.Argument();
        var comment = new Option<string?>("--comment") { Description = "What the requester and auditors should know", HelpName = "text" };
        Arguments.Add(id);
        Options.Add(comment);
        SetAction(async (parsed, cancel) =>
        {
            using var server = globals.Connect(parsed, shell);
            var body = new NewReview(verdict, parsed.GetValue(comment));
            var request = await server.ReviewAsync(parsed.GetValue(id)!, body, cancel);
            new RequestOutput(shell, globals.Format(parsed)).Write(request);
        });
    }
}
