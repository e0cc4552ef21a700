using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Settings;

/// <summary>What this host reads from host.json, which lies beside the app's assembly and may be absent.</summary>
/// <param name="DefaultVersion">
/// New instances get it, and this node runs no instance of a newer one: numbers with dots, so that they can be
/// compared, or empty.
/// </param>
internal sealed record HostJson(string RoutePrefix, string DefaultVersion)
{
    /// <exception cref="InvalidOperationException">The file asks for something that this host does not do.</exception>
    public static HostJson Read(string folder)
    {
        var file = new ConfigurationBuilder()
            .SetBasePath(folder)
            .AddJsonFile("host.json", optional: true, reloadOnChange: false)
            .Build();
        var durable = file.GetSection("extensions:durableTask");
        var version = durable["defaultVersion"] ?? string.Empty;
        if (!IsVersion(version))
            throw new InvalidOperationException(
                $"host.json: defaultVersion is '{version}'; this host compares versions as numbers, such as '1.0'."
            );
        Only(durable, "versionMatchStrategy", "CurrentOrOlder");
        Only(durable, "versionFailureStrategy", "Reject");
        return new HostJson(file["extensions:http:routePrefix"] ?? "api", version);
    }

    public static bool IsVersion(string text) => text is "" || Version.TryParse(text, out _);

    private static void Only(IConfiguration durable, string setting, string supported)
    {
        if (durable[setting] is { } other && !other.Equals(supported, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException(
                $"host.json: {setting} is '{other}'; this host has only '{supported}'."
            );
    }
}
