using System.CommandLine;
using System.Text.Json;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Settings;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// If the server does not send its version, the reason is printed, but the command does not fail: the plugin's own
/// version is known.
/// </summary>
internal sealed class VersionCommand : Command
{
    private readonly Option<bool> _client = new("--client") { Description = "Show the plugin's version only" };

    public VersionCommand(GlobalOptions globals, Shell shell)
        : base("version", "Show the version of the plugin, and of the server where one is set")
    {
        Options.Add(_client);
        SetAction(
            async (parsed, cancel) =>
            {
                var format = globals.Format(parsed);
                var fields = new Fields(shell.Out);
                if (!format.IsDocument())
                    fields.Line("Client", $"{BuildVersion.Own}");
                var server = parsed.GetValue(_client) ? null : await OfServerAsync(globals, parsed, shell, cancel);
                if (!format.IsDocument())
                    fields.Line("Server", server?.ToString());
                else
                    Document.Write(
                        shell.Out,
                        JsonSerializer.SerializeToElement(
                            new VersionReport(BuildVersion.Own, server),
                            ApiJson.Default.VersionReport
                        ),
                        format
                    );
            }
        );
    }

    private static async Task<BuildVersion?> OfServerAsync(
        GlobalOptions globals,
        ParseResult parsed,
        Shell shell,
        CancellationToken cancel
    )
    {
        try
        {
            using var server = globals.Connect(parsed, shell);
            if ((await server.WhoAmIAsync(cancel)).Read(ApiJson.Default.WhoAmI).ServerVersion is { } version)
                return BuildVersion.Parse(version);
            shell.Error.WriteLine("The server does not tell its version: it is older than 0.10.0.");
        }
        catch (Failure failure) when (failure.Code is ConnectionSettings.NoServer)
        {
            // Without a server, only the plugin's version is printed.
        }
        catch (Failure failure)
        {
            failure.About("the server's version is not known").WriteTo(shell.Error);
        }
        catch (JsonException other)
        {
            Failure.BadAnswer(other).About("the server's version is not known").WriteTo(shell.Error);
        }

        return null;
    }
}
