namespace JitFunctions.LocalStack;

/// <summary>
/// What starts a function host: the embedded one, or the real Azure Functions host by whatever command this machine
/// has.
/// </summary>
public sealed class HostCommand
{
    private const string Folder = "APPDIR";
    private const string Port = "PORT";
    private const string AssemblyName = "JitFunctions.Functions.dll";

    // Which identity the app has is the caller's to say. What this process has may be that of the machine, or of a test
    // in it that speaks to an endpoint of its own for a moment.
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

    /// <summary>The function app itself, which listens where <c>ASPNETCORE_URLS</c> says.</summary>
    public static HostCommand Embedded { get; } = EmbeddedIn(Repository.App);

    /// <summary>The same from another folder, such as one that it was published to.</summary>
    public static HostCommand EmbeddedIn(string appFolder) =>
        new(["dotnet", Path.Combine(Folder, AssemblyName)], appFolder, needsStorage: false, TimeSpan.FromMinutes(3));

    internal string Assembly => Path.Combine(AppFolder, AssemblyName);

    internal string AppFolder { get; }

    internal TimeSpan Deadline { get; }

    /// <summary>
    /// True for the real Functions host, which keeps its state in Azure Storage, and is told the port by its command.
    /// </summary>
    internal bool NeedsStorage { get; }

    /// <param name="commandLine">
    /// Words between spaces. APPDIR and PORT in them are replaced by the folder of the built app and the port on
    /// 127.0.0.1 to listen on; where neither occurs, both are appended, in this order.
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
            // The Durable Task extension fails without it. Core Tools set it by themselves, a bare host does not.
            settings["WEBSITE_HOSTNAME"] = $"localhost:{address.Port}";
            // A host that has it takes itself for a container of Azure's, and waits to be assigned an app.
            settings["CONTAINER_NAME"] = null;
        }

        foreach (var (name, value) in environment)
            settings[name] = value;
        if (!NeedsStorage)
            settings["ASPNETCORE_URLS"] = address.OriginalString;
        return new ProcessPlan(words[0], words[1..], scratch, log) { Environment = settings };
    }
}
