using JitFunctions.Domain.Audit;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <param name="Added">How many actions were not stored before.</param>
/// <param name="Reused">Audit ids that different kept events of the cluster have, this batch's among them. A repeated
/// delivery finds them again, so that an alarm that was lost is raised after all.</param>
public sealed record StoredBatch(int Added, IReadOnlyList<AuditIdReused> Reused);

/// <summary>The last action of a page.</summary>
public sealed record ActionMark(DateTimeOffset StageAt, string Hash);

/// <summary>How far the audit log of a cluster has come.</summary>
/// <param name="LastReceivedAt">When something was received last, by the clock of the app.</param>
/// <param name="Passed">The latest stage time of an event that was received, kept or counted; null if none could be
/// read. Never later than its receipt, whatever the event says. Batches are sent in parallel, and one that was refused
/// comes again after up to 80 seconds: earlier events may still follow.</param>
public sealed record ActionFeed(string Cluster, DateTimeOffset LastReceivedAt, DateTimeOffset? Passed);

/// <summary>Stores and reads what clusters' audit logs tell.</summary>
public sealed class ActionStore(NpgsqlDataSource database)
{
    private const string Incoming = "jit_incoming_actions";

    /// <summary>
    /// Stores a batch in one transaction: all of it, or nothing. A repeat changes nothing; its events are not counted
    /// again.
    /// </summary>
    /// <param name="delivery">The SHA-256 of what was received, by which a repeat is known.</param>
    public async Task<StoredBatch> StoreAsync(
        ActionBatch batch,
        ReadOnlyMemory<byte> delivery,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var rows = await WriteAsync(connection, batch, delivery, receivedAt, cancellation);
        var reused = batch.Actions.Count > 0 ? await FindReusedAsync(connection, batch, cancellation) : [];
        // Last, because deliveries of one cluster wait for each other from here on.
        await AdvanceFeedAsync(connection, batch, receivedAt, cancellation);
        await transaction.CommitAsync(cancellation);
        return new(rows.Actions.Count, reused);
    }

    /// <summary>Writes the rows of a batch within a transaction.</summary>
    /// <returns>The hashes of the actions and gaps that were not stored before.</returns>
    internal static async Task<(IReadOnlyList<string> Actions, IReadOnlyList<string> Gaps)> WriteAsync(
        NpgsqlConnection connection,
        ActionBatch batch,
        ReadOnlyMemory<byte> delivery,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        // Waits for another delivery of the same, if one is under way.
        var isNew = await InsertDeliveryAsync(connection, batch.Cluster, delivery, receivedAt, cancellation);
        var added =
            batch.Actions.Count > 0 ? await InsertAsync(connection, batch.Actions, receivedAt, cancellation) : [];
        await using var rest = new NpgsqlBatch(connection);
        foreach (var gap in batch.Gaps)
            rest.BatchCommands.Add(GapRow.Insert(batch.Cluster, gap, receivedAt));
        foreach (var count in isNew ? batch.Counts.All() : [])
            rest.BatchCommands.Add(AddCount(count));
        if (rest.BatchCommands.Count > 0)
            await rest.ExecuteNonQueryAsync(cancellation);
        return (
            added,
            [.. batch.Gaps.Where((_, i) => rest.BatchCommands[i].RecordsAffected == 1).Select(gap => gap.Hash)]
        );
    }

    /// <summary>
    /// Reads the actions in whose record a grant is, in the order of their stage time. One that is late in arriving can
    /// come before a page that was read already.
    /// </summary>
    public async Task<IReadOnlyList<KeptAction>> OfGrantAsync(
        string grant,
        ActionMark? after,
        int limit,
        CancellationToken cancellation
    )
    {
        await using var query = database.CreateCommand(
            $"""
            select {ActionRow.Names} from {ActionTables.Actions}
            where grants @> array[$1] and ($2::timestamptz is null or (at, hash) > ($2, $3))
            order by at, hash limit $4
            """
        );
        query.Parameters.Add(new() { Value = grant });
        query.Parameters.Add(
            new()
            {
                Value = after?.StageAt ?? (object)DBNull.Value,
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
            }
        );
        query.Parameters.Add(new() { Value = Convert.FromHexString(after?.Hash ?? "") });
        query.Parameters.Add(new() { Value = limit });
        return await ReadAsync(query, ActionRow.Read, cancellation);
    }

    /// <summary>
    /// Reads, for each of these grants that was used, the earliest action that certainly belongs to it.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, RecordedAction>> FirstOfEachAsync(
        IReadOnlyList<string> grants,
        CancellationToken cancellation
    )
    {
        await using var query = database.CreateCommand(
            $"""
            select distinct on (grants) {ActionRow.Names} from {ActionTables.Actions}
            where grants && $1 and attribution = '{nameof(AttributionKind.Exact)}'
            order by grants, called_at, hash
            """
        );
        query.Parameters.Add(new() { Value = grants.ToArray() });
        var first = await ReadAsync(query, ActionRow.Read, cancellation);
        // An exact action belongs to one grant.
        return first.ToDictionary(kept => kept.Action.Grants[0], kept => kept.Action);
    }

    /// <summary>
    /// Reads the gaps of a cluster whose beginning names the user, or nobody. A cluster may put a prefix before user
    /// names, so a name that ends like the user's counts too: rather a gap too many than one too few.
    /// </summary>
    /// <param name="since">Inclusive; when they were received.</param>
    /// <param name="until">Exclusive.</param>
    public async Task<IReadOnlyList<StoredGap>> GapsOfAsync(
        string cluster,
        string user,
        DateTimeOffset since,
        DateTimeOffset until,
        CancellationToken cancellation
    )
    {
        await using var query = database.CreateCommand(
            $"""
            select {GapRow.Names} from {ActionTables.Gaps}
            where cluster = $1 and received_at >= $2 and received_at < $3
              and (username is null or right(username, length($4)) = $4)
            order by received_at, hash
            """
        );
        foreach (var value in new object[] { cluster, since, until, user })
            query.Parameters.Add(new() { Value = value });
        return await ReadAsync(query, GapRow.Read, cancellation);
    }

    /// <summary>Reads the counts of a cluster, in order.</summary>
    /// <param name="since">Inclusive.</param>
    /// <param name="until">Exclusive.</param>
    public async Task<IReadOnlyList<ActionCount>> CountsAsync(
        string cluster,
        DateTimeOffset since,
        DateTimeOffset until,
        CancellationToken cancellation
    )
    {
        await using var query = database.CreateCommand(
            $"""
            select cluster, minute, kind, events from {ActionTables.Counts}
            where cluster = $1 and minute >= $2 and minute < $3 order by minute, kind
            """
        );
        foreach (var value in new object[] { cluster, since, until })
            query.Parameters.Add(new() { Value = value });
        return await ReadAsync(
            query,
            row => new ActionCount(
                row.GetString(0),
                row.GetFieldValue<DateTimeOffset>(1),
                Enum.Parse<CountedAs>(row.GetString(2)),
                row.GetInt64(3)
            ),
            cancellation
        );
    }

    /// <returns>Null if the cluster never sent anything.</returns>
    public async Task<ActionFeed?> FeedAsync(string cluster, CancellationToken cancellation)
    {
        await using var query = database.CreateCommand(
            $"select cluster, last_received_at, passed from {ActionTables.Feeds} where cluster = $1"
        );
        query.Parameters.Add(new() { Value = cluster });
        var feeds = await ReadAsync(
            query,
            row => new ActionFeed(
                row.GetString(0),
                row.GetFieldValue<DateTimeOffset>(1),
                row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2)
            ),
            cancellation
        );
        return feeds.SingleOrDefault();
    }

    /// <summary>
    /// Removes what recognizes repeated deliveries from before this time. None is repeated after minutes.
    /// </summary>
    public async Task ForgetDeliveriesAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var delete = database.CreateCommand($"delete from {ActionTables.Batches} where received_at < $1");
        delete.Parameters.Add(new() { Value = before });
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<bool> InsertDeliveryAsync(
        NpgsqlConnection connection,
        string cluster,
        ReadOnlyMemory<byte> delivery,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        await using var insert = new NpgsqlCommand(
            $"""
            insert into {ActionTables.Batches} (cluster, hash, received_at) values ($1, $2, $3) on conflict do nothing
            """,
            connection
        );
        insert.Parameters.Add(new() { Value = cluster });
        insert.Parameters.Add(new() { Value = delivery.ToArray() });
        insert.Parameters.Add(new() { Value = receivedAt });
        return await insert.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static async Task<IReadOnlyList<string>> InsertAsync(
        NpgsqlConnection connection,
        IReadOnlyList<KeptAction> actions,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        await using var create = new NpgsqlCommand(
            $"""
            create temp table if not exists {Incoming} (like {ActionTables.Actions}) on commit drop;
            truncate {Incoming}
            """,
            connection
        );
        await create.ExecuteNonQueryAsync(cancellation);
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                $"copy {Incoming} ({ActionRow.Names}) from stdin (format binary)",
                cancellation
            )
        )
        {
            foreach (var action in actions)
                await ActionRow.WriteAsync(copy, action, receivedAt, cancellation);
            await copy.CompleteAsync(cancellation);
        }

        // In the order of the key, so that two transactions with the same events do not block each other.
        await using var insert = new NpgsqlCommand(
            $"""
            insert into {ActionTables.Actions} ({ActionRow.Names})
            select {ActionRow.Names} from {Incoming} order by cluster, hash
            on conflict do nothing
            returning encode(hash, 'hex')
            """,
            connection
        );
        return await ReadAsync(insert, row => row.GetString(0), cancellation);
    }

    private static NpgsqlBatchCommand AddCount(ActionCount count) =>
        new(
            $"""
            insert into {ActionTables.Counts} as c (cluster, minute, kind, events) values ($1, $2, $3, $4)
            on conflict (cluster, minute, kind) do update set events = c.events + excluded.events
            """
        )
        {
            Parameters =
            {
                new() { Value = count.Cluster },
                new() { Value = count.Minute },
                new() { Value = count.As.ToString() },
                new() { Value = count.Events },
            },
        };

    /// <summary>Lets the feed advance when the session is saved.</summary>
    internal static void AdvanceFeed(IDocumentSession session, ActionBatch batch, DateTimeOffset receivedAt)
    {
        if (Passed(batch, receivedAt) is { } passed)
            session.QueueSqlCommand(UpsertFeed("?, ?, ?"), batch.Cluster, receivedAt, passed);
        else
            session.QueueSqlCommand(UpsertFeed("?, ?, null"), batch.Cluster, receivedAt);
    }

    private static async Task AdvanceFeedAsync(
        NpgsqlConnection connection,
        ActionBatch batch,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        await using var upsert = new NpgsqlCommand(UpsertFeed("$1, $2, $3"), connection);
        upsert.Parameters.Add(new() { Value = batch.Cluster });
        upsert.Parameters.Add(new() { Value = receivedAt });
        upsert.Parameters.Add(
            new()
            {
                Value = Passed(batch, receivedAt) ?? (object)DBNull.Value,
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
            }
        );
        await upsert.ExecuteNonQueryAsync(cancellation);
    }

    // An event from the future must not let the feed seem to have passed the end of a grant.
    private static DateTimeOffset? Passed(ActionBatch batch, DateTimeOffset receivedAt) =>
        batch.LatestStageAt > receivedAt ? receivedAt : batch.LatestStageAt;

    private static string UpsertFeed(string values) =>
        $"""
            insert into {ActionTables.Feeds} as f (cluster, last_received_at, passed) values ({values})
            on conflict (cluster) do update set
                last_received_at = greatest(f.last_received_at, excluded.last_received_at),
                passed = greatest(f.passed, excluded.passed)
            """;

    internal static async Task<IReadOnlyList<AuditIdReused>> FindReusedAsync(
        NpgsqlConnection connection,
        ActionBatch batch,
        CancellationToken cancellation
    )
    {
        await using var query = new NpgsqlCommand(
            $"""
            select audit_id, stage, encode(hash, 'hex'), username from {ActionTables.Actions}
            where cluster = $1 and audit_id = any($2)
            """,
            connection
        );
        query.Parameters.Add(new() { Value = batch.Cluster });
        query.Parameters.Add(new() { Value = batch.Actions.Select(kept => kept.Action.AuditId).Distinct().ToArray() });
        return AuditIdReuse.Find(
            await ReadAsync(
                query,
                row => new IdentifiedEvent(
                    row.GetString(0),
                    Enum.Parse<AuditStage>(row.GetString(1)),
                    row.GetString(2),
                    row.GetString(3)
                ),
                cancellation
            )
        );
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlCommand query,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellation
    )
    {
        List<T> rows = [];
        await using var reader = await query.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }
}
