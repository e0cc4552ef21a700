using Microsoft.AspNetCore.Builder;

namespace JitFunctions.Benchmarks;

/// <summary>
/// The baseline of the cold start: what any ASP.NET Core process costs, with a single route and nothing else.
/// </summary>
internal static class MinimalApp
{
    /// <summary>
    /// The command line that turns this program into that process. It listens where <c>ASPNETCORE_URLS</c> says.
    /// </summary>
    public const string Verb = "minimal-app";

    public static async Task<int> RunAsync()
    {
        var app = WebApplication.CreateBuilder().Build();
        app.MapPost("/", () => "hello");
        await app.RunAsync();
        return 0;
    }
}
