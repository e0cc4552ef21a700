using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Settings;

/// <summary>
/// The settings that this host reads from host.json. The file is in the folder of the app's assembly and is optional.
/// </summary>
/// <param name="DefaultVersion">
/// The version of new instances. This node runs no instance of a newer version. It consists of numbers with dots, so
/// that versions can be compared, or is empty.
/// </param>
internal sealed record HostJson(string RoutePrefix, string DefaultVersion)
{
    /// <exception cref="InvalidOperationException">
    /// The file contains a setting that this host does not support.
    /// </exception>
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
