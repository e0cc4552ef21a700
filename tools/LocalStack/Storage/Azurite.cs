using System.Text.RegularExpressions;

namespace JitFunctions.LocalStack;

/// <summary>Azurite, Microsoft's emulator for Azure Storage, in memory, on free loopback ports.</summary>
public sealed partial class Azurite : IAsyncDisposable
{
    // The well-known account of Azurite, which is not a secret:
    // learn.microsoft.com/azure/storage/common/storage-use-azurite.
    public const string Account = "devstoreaccount1";
    public const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private readonly ScratchFolder _folder;
    private readonly SupervisedProcess _process;

    private Azurite(ScratchFolder folder, SupervisedProcess process, string blobs, string queues, string tables) =>
        (_folder, _process, Blobs, Queues, Tables) = (
            folder,
            process,
            Endpoint(blobs),
            Endpoint(queues),
            Endpoint(tables)
        );

    public Uri Blobs { get; }

    public Uri Queues { get; }

    public Uri Tables { get; }

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint={Blobs};QueueEndpoint={Queues};TableEndpoint={Tables};";

    public static async Task<Azurite> StartAsync(CancellationToken cancellation = default)
    {
        var program = Path.Combine(Cache(), "jit-functions", "azurite", "node_modules", ".bin", "azurite");
        if (!File.Exists(program))
            throw new InvalidOperationException(
                $"{program} is missing: ./dev setup installs it, where npm has its registry."
            );
        var folder = new ScratchFolder();
        string[] arguments =
        [
            "--inMemoryPersistence",
            "--skipApiVersionCheck",
            "--disableTelemetry",
            "--silent",
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            "0",
            "--queueHost",
            "127.0.0.1",
            "--queuePort",
            "0",
            "--tableHost",
            "127.0.0.1",
            "--tablePort",
            "0",
        ];
        var log = folder.Combine("azurite.log");
        var process = SupervisedProcess.Start(new ProcessPlan(program, arguments, folder.Path, log));
        try
        {
            Dictionary<string, string> services = [];
            await process.WaitUntilAsync(
                async limit =>
                {
                    var text = File.Exists(log) ? await File.ReadAllTextAsync(log, limit) : "";
                    foreach (Match match in Listening().Matches(text))
                        services[match.Groups["service"].Value] = match.Groups["address"].Value;
                    return services.Count == 3;
                },
                Deadline,
                cancellation
            );
            return new Azurite(folder, process, services["Blob"], services["Queue"], services["Table"]);
        }
        catch
        {
            await process.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static Uri Endpoint(string address) => new($"{address}/{Account}");

    private static string Cache() =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    [GeneratedRegex(
        @"Azurite (?<service>\w+) service is successfully listen\w+ (?:at|on) (?<address>http://127\.0\.0\.1:\d+)"
    )]
    private static partial Regex Listening();
}
