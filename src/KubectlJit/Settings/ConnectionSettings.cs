using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Settings;

/// <summary>The server and the token. Flags override variables, variables override the configuration file.</summary>
internal sealed record ConnectionSettings(ServerAddress Server, TokenSource Token)
{
    /// <summary>The code of the failure when no server is set.</summary>
    public const string NoServer = "no-server";

    /// <summary>
    /// The flags with which another run, in any folder, uses the same server and the same token source. They never
    /// contain a token from a variable or the configuration; such a token is read again.
    /// </summary>
    public IEnumerable<string> Flags =>
        [
            $"--server={Server.Text}",
            .. Token is TokenSource.File { IsConfigured: false, Path: var path }
                ? [$"--token-file={Path.GetFullPath(path)}"]
                : Array.Empty<string>(),
        ];

    public static ConnectionSettings Resolve(
        Shell shell,
        ConfigFile config,
        string? serverFlag,
        string? tokenFileFlag
    ) => new(ServerFrom(shell, config, serverFlag), TokenFrom(shell, config, tokenFileFlag));

    private static ServerAddress ServerFrom(Shell shell, ConfigFile config, string? flag)
    {
        if (flag is not null)
            return ServerAddress.Parse(flag, "--server");
        if (shell.NonEmpty("JIT_SERVER") is { } variable)
            return ServerAddress.Parse(variable, "JIT_SERVER");
        if (config.Server is { } configured)
            return ServerAddress.Parse(configured, config.Path);
        throw new Failure(
            ExitCode.Usage,
            "no server is set",
            NoServer,
            $"give --server, set JIT_SERVER, or write 'server: https://…' into {config.Path}"
        );
    }

    private static TokenSource TokenFrom(Shell shell, ConfigFile config, string? flag)
    {
        if (flag is not null)
            return new TokenSource.File(flag, "--token-file");
        if (shell.NonEmpty("JIT_TOKEN") is { } token)
            return new TokenSource.Variable("JIT_TOKEN", token);
        if (shell.NonEmpty("JIT_TOKEN_FILE") is { } file)
            return new TokenSource.File(file, "JIT_TOKEN_FILE");
        if (config.TokenFile is { } configured)
            return new TokenSource.File(configured, config.Path) { IsConfigured = true };
        if (config.TokenCommand is { } command)
            return new TokenSource.Command(command, config.Path);
        throw Failure.NotSignedIn(
            "no token is set",
            "no-token",
            $"give --token-file, set JIT_TOKEN or JIT_TOKEN_FILE, or write tokenFile or tokenCommand into {config.Path}"
        );
    }
}
