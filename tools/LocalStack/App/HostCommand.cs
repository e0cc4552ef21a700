namespace JitFunctions.LocalStack;

/// <summary>
/// The command that starts a function host: the embedded host, or the real Azure Functions host with the command of
/// this machine.
/// </summary>
public sealed class HostCommand
{
    private const string Folder = "APPDIR";
    private const string Port = "PORT";
    private const string AssemblyName = "JitFunctions.Functions.dll";

    // The caller decides which identity the app has. The variables of this process may belong to the machine, or to a
    // test in this process that temporarily uses its own endpoint.
    private static readonly string[] IdentityVariables =
    [
        "IDENTITY_ENDPOINT",
        "IDENTITY_HEADER",
        "IDENTITY_SERVER_THUMBPRINT",
        "IMDS_ENDPOINT",
        "MSI_ENDPOINT",
        "MSI_SECRET",
        "AZURE_POD_IDENTITY_AUTHORITY_HOST",
        "AZURE_CLIENT_ID",
        "AZURE_TENANT_ID",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_AUTHORITY_HOST",
    ];

    private readonly IReadOnlyList<string> _words;

    private HostCommand(IReadOnlyList<string> words, string appFolder, bool needsStorage, TimeSpan deadline) =>
        (_words, AppFolder, NeedsStorage, Deadline) = (words, appFolder, needsStorage, deadline);

    /// <summary>The function app itself. It listens on <c>ASPNETCORE_URLS</c>.</summary>
    public static HostCommand Embedded { get; } = EmbeddedIn(Repository.App);

    /// <summary>The function app from another folder, such as its publish folder.</summary>
    public static HostCommand EmbeddedIn(string appFolder) =>
        new(["dotnet", Path.Combine(Folder, AssemblyName)], appFolder, needsStorage: false, TimeSpan.FromMinutes(3));

    internal string Assembly => Path.Combine(AppFolder, AssemblyName);

    internal string AppFolder { get; }

    internal TimeSpan Deadline { get; }

    /// <summary>
    /// True for the real Functions host, which stores its state in Azure Storage and gets the port from its command
    /// line.
    /// </summary>
    internal bool NeedsStorage { get; }

    /// <param name="commandLine">
    /// Words separated by spaces. APPDIR and PORT are replaced by the folder of the built app and the port on 127.0.0.1
    /// to listen on. If neither occurs, both are appended in this order.
    /// </param>
    public static HostCommand Azure(string commandLine)
    {
        var words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is [])
            throw new ArgumentException("The command that starts the Functions host is empty.", nameof(commandLine));
        var complete = words.Any(word =>
            word.Contains(Folder, StringComparison.Ordinal) || word.Contains(Port, StringComparison.Ordinal)
        );
        return new HostCommand(
            complete ? words : [.. words, Folder, Port],
            Repository.App,
            needsStorage: true,
            TimeSpan.FromMinutes(3)
        );
    }

    internal ProcessPlan Plan(Uri address, IReadOnlyDictionary<string, string?> environment, string scratch, string log)
    {
        string[] words =
        [
            .. _words.Select(word =>
                word.Replace(Folder, AppFolder, StringComparison.Ordinal)
                    .Replace(Port, $"{address.Port}", StringComparison.Ordinal)
            ),
        ];
        var settings = IdentityVariables.ToDictionary(name => name, _ => (string?)null);
        if (NeedsStorage)
        {
            // The Durable Task extension fails without this setting. Core Tools set it; the bare host does not.
            settings["WEBSITE_HOSTNAME"] = $"localhost:{address.Port}";
            // With this variable, a host assumes that it runs in a container on Azure and waits for an app to be
            // assigned.
            settings["CONTAINER_NAME"] = null;
        }

        foreach (var (name, value) in environment)
            settings[name] = value;
        if (!NeedsStorage)
            settings["ASPNETCORE_URLS"] = address.OriginalString;
        return new ProcessPlan(words[0], words[1..], scratch, log) { Environment = settings };
    }
}
