using Microsoft.Extensions.Configuration;

namespace JitFunctions.EmbeddedHost.Settings;

/// <summary>
/// The addresses on which the HTTP functions are served, from the usual settings of ASP.NET Core:
/// <c>ASPNETCORE_URLS</c>, else <c>ASPNETCORE_HTTP_PORTS</c>, else port 5000 of the loopback interface. Not
/// <c>urls</c>: that is where the Functions worker would listen for a Functions host.
/// </summary>
internal static class ListenAddresses
{
    public static IReadOnlyList<string> From(IConfiguration configuration)
    {
        if (configuration["ASPNETCORE_URLS"] is { Length: > 0 } urls)
            return Split(urls);
        if (configuration["ASPNETCORE_HTTP_PORTS"] is { Length: > 0 } ports)
            return [.. Split(ports).Select(port => $"http://*:{port}")];
        return ["http://localhost:5000"];
    }

    private static string[] Split(string list) =>
        list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
