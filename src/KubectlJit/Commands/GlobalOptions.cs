using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Settings;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>The options that every command accepts.</summary>
internal sealed class GlobalOptions
{
    private static readonly TimeSpan CallTimeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FollowTimeLimit = TimeSpan.FromSeconds(60);

    private readonly Option<string?> _server = new("--server")
    {
        Description = "Address of the JIT server (else JIT_SERVER, else the configuration file)",
        HelpName = "url",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "File with the bearer token (else JIT_TOKEN or JIT_TOKEN_FILE, else the configuration file)",
        HelpName = "path",
        Recursive = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Output format: table, wide, json or yaml; lists also csv",
        HelpName = "format",
        Recursive = true,
        DefaultValueFactory = _ => "table",
    };

    public GlobalOptions()
    {
        _output.CompletionSources.Add("table", "wide", "json", "yaml", "csv");
        _output.Validators.Add(option =>
        {
            if (!TryFormat(option.GetValueOrDefault<string>(), out _))
                option.AddError("-o takes table, wide, json, yaml or csv");
        });
    }

    public void AddTo(Command root)
    {
        root.Options.Add(_output);
        root.Options.Add(_server);
        root.Options.Add(_tokenFile);
    }

    /// <exception cref="Failure">The format is for lists only, and the command does not print a list.</exception>
    public void CheckFormat(ParseResult parsed)
    {
        if (Format(parsed) is OutputFormat.Csv && parsed.CommandResult.Command is not IListCommand)
            throw OnlyLists();
    }

    public static Failure OnlyLists() =>
        Failure.Usage("-o csv is for lists, and this command prints no list", "use -o json, or -o yaml");

    public OutputFormat Format(ParseResult parsed) =>
        TryFormat(parsed.GetValue(_output), out var format) ? format : OutputFormat.Table;

    public ConnectionSettings Settings(ParseResult parsed, Shell shell) =>
        ConnectionSettings.Resolve(
            shell,
            ConfigFile.Load(shell),
            parsed.GetValue(_server),
            parsed.GetValue(_tokenFile)
        );

    /// <param name="follows">
    /// Whether the command runs for a long time, and so must survive a restart of the server.
    /// </param>
    public JitConnection Connect(ParseResult parsed, Shell shell, bool follows = false)
    {
        var settings = Settings(parsed, shell);
        return new JitConnection(shell, settings.Server, settings.Token, follows ? FollowTimeLimit : CallTimeLimit);
    }

    private static bool TryFormat(string? text, out OutputFormat format)
    {
        (var known, format) = text switch
        {
            "table" => (true, OutputFormat.Table),
            "wide" => (true, OutputFormat.Wide),
            "csv" => (true, OutputFormat.Csv),
            "json" => (true, OutputFormat.Json),
            "yaml" => (true, OutputFormat.Yaml),
            _ => (false, default),
        };
        return known;
    }
}
