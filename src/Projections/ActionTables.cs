using Marten;
using Marten.Storage;
using Weasel.Postgresql.Tables;

namespace JitFunctions.Projections;

/// <summary>
/// The tables for actions. They are no events and no documents: there are thousands a second, and their canonical bytes
/// have to stay as they are, which jsonb does not do.
/// </summary>
public static class ActionTables
{
    internal const string Actions = $"{EventStore.Schema}.jit_actions";
    internal const string Counts = $"{EventStore.Schema}.jit_action_counts";
    internal const string Gaps = $"{EventStore.Schema}.jit_action_gaps";
    internal const string Feeds = $"{EventStore.Schema}.jit_action_feeds";
    internal const string Offsets = $"{EventStore.Schema}.jit_action_offsets";
    internal const string Batches = $"{EventStore.Schema}.jit_action_batches";

    /// <summary>
    /// Creates the tables where the schema is created on demand, as in development: Marten does that for its own tables
    /// only. Does nothing in production.
    /// </summary>
    public static async Task EnsureAsync(IDocumentStore store, CancellationToken cancellation) =>
        await store.Storage.Database.EnsureStorageExistsAsync(typeof(StorageFeatures), cancellation);

    internal static void Configure(StoreOptions options) =>
        options.Storage.ExtendedSchemaObjects.AddRange([
            ActionTable(),
            CountTable(),
            GapTable(),
            BatchTable(),
            FeedTable(),
            OffsetTable(),
        ]);

    private static Table ActionTable()
    {
        var table = new Table(Actions);
        table.AddColumn("cluster", "text").AsPrimaryKey();
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        foreach (var (name, type, isRequired) in ActionRow.Columns)
        {
            var column = table.AddColumn(name, type);
            if (isRequired)
                column.NotNull();
        }

        table.Indexes.Add(
            new IndexDefinition("jit_actions_by_grant") { Columns = ["grants"], Method = IndexMethod.gin }
        );
        table.Indexes.Add(
            new IndexDefinition("jit_actions_by_audit_id") { Columns = ["cluster", "audit_id", "stage"] }
        );
        table.Indexes.Add(new IndexDefinition("jit_actions_by_user") { Columns = ["cluster", "username", "at"] });
        return table;
    }

    private static Table CountTable()
    {
        var table = new Table(Counts);
        table.AddColumn("cluster", "text").AsPrimaryKey();
        table.AddColumn("minute", "timestamptz").AsPrimaryKey();
        table.AddColumn("kind", "text").AsPrimaryKey();
        table.AddColumn("events", "bigint").NotNull();
        return table;
    }

    private static Table GapTable()
    {
        var table = new Table(Gaps);
        table.AddColumn("cluster", "text").AsPrimaryKey();
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        table.AddColumn("length", "integer").AsPrimaryKey();
        table.AddColumn("reason", "text").NotNull();
        table.AddColumn("detail", "text").NotNull();
        table.AddColumn("raw", "bytea").NotNull();
        foreach (var scraped in GapRow.Scraped)
            table.AddColumn(scraped, "text");
        table.AddColumn("received_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("jit_action_gaps_by_time") { Columns = ["cluster", "received_at"] });
        return table;
    }

    // Deliveries are repeated when an answer is lost, and their events must be counted once.
    private static Table BatchTable()
    {
        var table = new Table(Batches);
        table.AddColumn("cluster", "text").AsPrimaryKey();
        table.AddColumn("hash", "bytea").AsPrimaryKey();
        table.AddColumn("received_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("jit_action_batches_by_time") { Columns = ["received_at"] });
        return table;
    }

    // One row for each cluster that ever sent something.
    private static Table FeedTable()
    {
        var table = new Table(Feeds);
        table.AddColumn("cluster", "text").AsPrimaryKey();
        table.AddColumn("last_received_at", "timestamptz").NotNull();
        table.AddColumn("passed", "timestamptz");
        return table;
    }

    // How far each partition of an event hub was read: written with what was read.
    private static Table OffsetTable()
    {
        var table = new Table(Offsets);
        foreach (var key in new[] { "namespace", "hub", "consumer_group", "partition" })
            table.AddColumn(key, "text").AsPrimaryKey();
        table.AddColumn("sequence", "bigint").NotNull();
        table.AddColumn("hub_offset", "text").NotNull();
        table.AddColumn("enqueued_at", "timestamptz").NotNull();
        table.AddColumn("unassigned", "bigint").NotNull();
        table.AddColumn("read_at", "timestamptz").NotNull();
        return table;
    }
}
