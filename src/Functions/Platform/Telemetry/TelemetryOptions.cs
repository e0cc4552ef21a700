using Microsoft.Extensions.Configuration;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Where traces and metrics are exported, by the usual settings. Nothing is exported unless one is set.
/// </summary>
/// <param name="OtlpEndpoint">
/// The endpoint of a collector; the exporter reads its other settings, such as headers, by itself
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter).
/// </param>
/// <param name="AzureMonitor">A connection string of Application Insights.</param>
/// <param name="Identity">The identity that the app uses for Azure Monitor; null to export without one.</param>
/// <param name="ServiceName">The name of the app in the exported telemetry.</param>
public sealed record TelemetryOptions(
    string? OtlpEndpoint,
    string? AzureMonitor,
    TelemetryIdentity? Identity,
    string ServiceName
)
{
    private const string OtlpSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string AzureMonitorSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    // The setting by which the Functions host itself uses Entra ID:
    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings.
    private const string IdentitySetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public bool IsOn => OtlpEndpoint is not null || AzureMonitor is not null;

    public static TelemetryOptions Read(IConfiguration configuration)
    {
        return new(
            Text(OtlpSetting),
            Text(AzureMonitorSetting),
            TelemetryIdentity.Parse(Text(IdentitySetting)),
            Text("OTEL_SERVICE_NAME") ?? "jit-access"
        );

        string? Text(string setting) => configuration[setting] is { Length: > 0 } text ? text : null;
    }

    /// <summary>Never includes the value of the setting: it may contain a key.</summary>
    public IEnumerable<string> Errors()
    {
        if (
            OtlpEndpoint is not null
            && !(Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var otlp) && otlp.Scheme is "http" or "https")
        )
            yield return $"{OtlpSetting} must be an address with http:// or https://.";
        if (
            AzureMonitor is not null
            && !AzureMonitor.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase)
        )
            yield return $"{AzureMonitorSetting} has no InstrumentationKey: copy it as Application Insights shows it.";
        if (Identity is { IsValid: false })
            yield return $"{IdentitySetting} must be 'Authorization=AAD', "
                + "and for a user-assigned identity ';ClientId=…' after it.";
    }
}

/// <param name="ClientId">The client id of an identity other than the app's own; null for the app's own.</param>
public sealed record TelemetryIdentity(string? ClientId, bool IsValid)
{
    /// <param name="text"><c>Authorization=AAD;ClientId=…</c>.</param>
    public static TelemetryIdentity? Parse(string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .ToLookup(
                part => part[0],
                part => part.Length == 2 ? part[1] : string.Empty,
                StringComparer.OrdinalIgnoreCase
            );
        return new(
            parts["ClientId"].FirstOrDefault() is { Length: > 0 } id ? id : null,
            parts["Authorization"].FirstOrDefault() is { } scheme
                && scheme.Equals("AAD", StringComparison.OrdinalIgnoreCase)
        );
    }
}
