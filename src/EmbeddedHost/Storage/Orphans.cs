using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>Work whose owner is no longer registered.</summary>
internal static class Orphans
{
    private static readonly (string Table, string Key)[] Owned =
    [
        ("instances", "id"),
        ("activities", "id"),
        ("timers", "name"),
    ];

    // A paused node may hold a row lock. Such rows are skipped instead of waited for; the next heartbeat tries again.
    private static readonly string[] Release =
    [
        .. Owned.Select(owned =>
            $"""
                update taskhub.{owned.Table} set owner = null where {owned.Key} in (
                    select {owned.Key} from taskhub.{owned.Table} work
                    where owner is not null and not exists (select from taskhub.nodes where nodes.id = work.owner)
                    for update skip locked)
                """
        ),
    ];

    public static NpgsqlBatchCommand[] AddRelease(NpgsqlBatch batch) => [.. Release.Select(sql => batch.Add(sql))];
}
