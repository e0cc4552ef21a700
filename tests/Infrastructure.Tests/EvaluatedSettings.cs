using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JitFunctions.Infrastructure.Tests;

/// <summary>The app's settings, as the template makes them of values that are otherwise known to Azure only.</summary>
internal static class EvaluatedSettings
{
    public const string ClientId = "00000000-0000-0000-0000-0000000000cc";
    public const string Telemetry =
        "InstrumentationKey=00000000-0000-0000-0000-0000000000ee;IngestionEndpoint=https://westeurope-0.in.applicationinsights.azure.com/";

    private static readonly ConcurrentDictionary<(bool, string), Lazy<IReadOnlyDictionary<string, string>>> Known = [];
    private static readonly JsonSerializerOptions AsItIs = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="everything">With a scheduler, Graph and notices, and all that can be said of a cluster.</param>
    public static IReadOnlyDictionary<string, string> Of(bool everything, string cluster = "prod") =>
        Known.GetOrAdd((everything, cluster), _ => new(() => Evaluate(everything, cluster))).Value;

    private static Dictionary<string, string> Evaluate(bool everything, string cluster)
    {
        using var templates = new TemplateCopy();
        var parameters = templates.Write(
            "settings.bicepparam",
            $$"""
            using 'modules/settings.bicep'
            param environmentName = 'test'
            param clientId = '{{ClientId}}'
            param hostStorageName = 'jittest'
            param scheduler = {{(
                everything ? "{ endpoint: 'https://jit-test.westeurope.durabletask.io', hub: 'jitaccess' }" : "null"
            )}}
            param database = { host: 'jit-test.postgres.database.azure.com', name: 'jit', user: 'jit-test' }
            param authority = 'https://login.example.com/v2.0'
            param audience = 'api://jit'
            param policyContainer = 'https://jitpoltest.blob.example.com/policies'
            param clusters = json('{{new JsonObject { [cluster] = Cluster(everything) }.ToJsonString(AsItIs)}}')
            param graph = {{(everything ? "true" : "false")}}
            param notifications = {{(everything ? "true" : "false")}}
            param vaultUri = 'https://vault.example.com/'
            param telemetry = '{{Telemetry}}'
            """
        );
        return BicepCompiler.Predict(parameters, new Dictionary<string, string>(), "--resource-group", "test")[
            "outputs"
        ]!["settings"]!
            .AsObject()
            .ToDictionary(setting => setting.Key, setting => (string)setting.Value!);
    }

    private static JsonObject Cluster(bool everything)
    {
        var cluster = new JsonObject
        {
            ["server"] = "https://prod.example.com",
            ["certificateAuthorityData"] = Certificate(),
        };
        if (everything)
        {
            cluster["usernamePrefix"] = "entra:";
            cluster["groupsPrefix"] = "entra:";
            cluster["credentialNamespace"] = "jit-access";
            cluster["reaperNamespace"] = "jit-reaper";
            cluster["publicServer"] = "https://public.example.com";
        }

        return cluster;
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(100)
        );
        return Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }
}
