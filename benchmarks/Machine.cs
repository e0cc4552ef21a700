using System.Runtime.InteropServices;
using Npgsql;

namespace JitFunctions.Benchmarks;

/// <summary>What the numbers depend on and a reader cannot know; nothing that names the machine.</summary>
internal static class Machine
{
    /// <summary>Of the last minute, with what else ran on the machine then.</summary>
    public static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <param name="load">The load average before the start.</param>
    public static IReadOnlyList<string> Describe(string load)
    {
        var gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        return
        [
            $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, load average before the start {load}",
            $"{Environment.ProcessorCount} cores ({Processor()}), {gibibytes:0} GiB, Linux "
                + $"{File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}",
        ];
    }

    public static async Task<string> DescribeAsync(Rig rig, CancellationToken cancellation) =>
        $"PostgreSQL {await PostgresVersionAsync(rig.Database, cancellation)} and Kubernetes "
        + $"{await rig.Cluster.VersionAsync(cancellation)} on the same machine, both with fsync";

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static async Task<string> PostgresVersionAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return connection.PostgreSqlVersion.ToString();
    }
}
