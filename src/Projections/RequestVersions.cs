using Npgsql;

namespace JitFunctions.Projections;

/// <summary>Tells waiting clients whether requests have changed.</summary>
public static class RequestVersions
{
    /// <summary>
    /// Returns the number of events of each of these requests, which is the version of <see cref="RequestDetails"/>.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, long>> VersionsOf(
        this NpgsqlDataSource database,
        string[] ids,
        CancellationToken cancellation
    )
    {
        await using var command = database.CreateCommand(
            $"select id, version from {EventStore.Schema}.mt_streams where id = any($1)"
        );
        command.Parameters.AddWithValue(ids);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var versions = new Dictionary<string, long>();
        while (await rows.ReadAsync(cancellation))
            versions.Add(rows.GetString(0), rows.GetInt64(1));
        return versions;
    }
}
