using JitFunctions.EmbeddedHost.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Tests.Fixtures;

/// <summary>Looks at the engine's tables behind its back.</summary>
internal static class Database
{
    public static async Task<long> CountAsync(TestHost host, string table)
    {
        await using var count = host
            .Services.GetRequiredService<TaskHubDatabase>()
            .Source.CreateCommand($"select count(*) from {table}");
        return (long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
