using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

internal sealed class WhoAmICommand : Command
{
    public WhoAmICommand(GlobalOptions globals, Shell shell)
        : base("whoami", "Show your identity on the server, your groups, and when your token expires")
    {
        SetAction(
            async (parsed, cancel) =>
            {
                var (settings, format) = (globals.Settings(parsed, shell), globals.Format(parsed));
                using var server = globals.Connect(parsed, shell);
                var json = await server.WhoAmIAsync(cancel);
                var me = json.Read(ApiJson.Default.WhoAmI);
                if (format.IsDocument())
                    Document.Write(shell.Out, json, format);
                else
                    Write(new Fields(shell.Out), shell, settings, me);
                if (!me.GroupsComplete)
                    shell.Error.WriteLine(
                        "The token does not list all of your groups, so what they let you do is refused: ask the "
                            + "platform team for a token with fewer groups."
                    );
            }
        );
    }

    private static void Write(Fields fields, Shell shell, Settings.ConnectionSettings settings, WhoAmI me)
    {
        fields.Text("User name", me.Username);
        fields.Text("Other names", string.Join(", ", me.OtherAccounts ?? []));
        fields.Text("Subject", me.Subject);
        fields.Text(
            "Groups",
            me is { Groups: [_, ..] groups } ? string.Join(", ", groups)
                : me.GroupsComplete ? "none"
                : "not known"
        );
        if (!me.GroupsComplete)
            fields.Line("  complete", "no");
        if (me.Administrator)
            fields.Line("Administrator", "yes");
        if (me.Auditor)
            fields.Line("Auditor", "yes");
        fields.Line("Token from", settings.Token.Origin);
        fields.Line("Good until", me.ExpiresAt is { } end ? Timestamps.Left(end, shell.Now) : null);
        fields.Line("Server", settings.Server.Text);
    }
}
