using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>All that would be deployed with some choices. Each is worked out once.</summary>
internal sealed class AzureInstallation
{
    private static readonly ConcurrentDictionary<string, Lazy<AzureInstallation>> Known = [];

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["AZURE_ENV_NAME"] = "test",
        ["AZURE_LOCATION"] = "westeurope",
        ["JIT_AUDIENCE"] = "api://jit",
        ["JIT_DATABASE_ADMINISTRATORS"] =
            """[{ "objectId": "00000000-0000-0000-0000-0000000000aa", "name": "dbas", "type": "Group" }]""",
        ["JIT_CLUSTERS"] =
            """{ "prod": { "server": "https://prod.example.com", "certificateAuthorityData": "TFMt" } }""",
    };

    private AzureInstallation(JsonNode snapshot)
    {
        Snapshot = snapshot;
        Resources =
        [
            .. snapshot["predictedResources"]!
                .AsArray()
                .Select(resource => new Resource(
                    (string)resource!["id"]!,
                    (string)resource["type"]!,
                    (string)resource["name"]!,
                    resource
                )),
        ];
        Suffix = Single("Microsoft.ManagedIdentity/userAssignedIdentities").Name["jit-".Length..];
    }

    public static AzureInstallation Dev => With();

    public static AzureInstallation Prod => With("JIT_TIER=prod");

    /// <summary>Prod with all that can be switched on.</summary>
    public static AzureInstallation Full =>
        With(
            "JIT_TIER=prod",
            "JIT_DURABLE_BACKEND=Scheduler",
            "JIT_GRAPH=true",
            "JIT_NOTIFICATIONS=true",
            "JIT_SIGN_CHECKPOINTS=true",
            "JIT_LOCK_CHECKPOINTS=true",
            "JIT_ALERT_EMAIL=operators@example.com",
            """JIT_ALLOWED_ADDRESSES=["192.0.2.0/24"]""",
            """JIT_OPERATOR_ADDRESSES=["198.51.100.1"]"""
        );

    public static AzureInstallation OnScheduler => With("JIT_TIER=prod", "JIT_DURABLE_BACKEND=Scheduler");

    public static IEnumerable<TheoryDataRow<string>> All =>
        [new(nameof(Dev)), new(nameof(Prod)), new(nameof(Full)), new(nameof(OnScheduler))];

    public JsonNode Snapshot { get; }

    public IReadOnlyList<Resource> Resources { get; }

    /// <summary>What makes the names unique.</summary>
    public string Suffix { get; }

    public static AzureInstallation Named(string name) =>
        name switch
        {
            nameof(Dev) => Dev,
            nameof(Prod) => Prod,
            nameof(Full) => Full,
            nameof(OnScheduler) => OnScheduler,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not an installation."),
        };

    public IReadOnlyList<Resource> Of(string type) => [.. Resources.Where(resource => resource.Type == type)];

    public Resource Single(string type) => Assert.Single(Of(type));

    /// <param name="choices">Environment variables, <c>NAME=value</c>.</param>
    public static AzureInstallation With(params string[] choices) =>
        Known
            .GetOrAdd(
                string.Join('\n', choices),
                _ =>
                    new(() =>
                    {
                        using var templates = new TemplateCopy();
                        var chosen = choices
                            .Select(choice => choice.Split('=', 2))
                            .ToDictionary(choice => choice[0], choice => choice[1]);
                        return new(
                            BicepCompiler.Predict(
                                Path.Combine(templates.Folder, "main.bicepparam"),
                                Environment.Concat(chosen).ToDictionary(entry => entry.Key, entry => entry.Value),
                                "--location",
                                "westeurope",
                                "--tenant-id",
                                "00000000-0000-0000-0000-000000000002"
                            )
                        );
                    })
            )
            .Value;
}
