using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>What this host reads from host.json, which lies beside the app's assembly and may be absent.</summary>
internal sealed record HostJson(string RoutePrefix, string DefaultVersion)
{
    public static HostJson Read(string folder)
    {
        var file = new ConfigurationBuilder().SetBasePath(folder).AddJsonFile("host.json", optional: true, reloadOnChange: false).Build();
        return new HostJson(
            file["extensions:http:routePrefix"] ?? "api",
            file["extensions:durableTask:defaultVersion"] ?? string.Empty);
    }
}
