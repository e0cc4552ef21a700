using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace JitFunctions.Projections.Log;

/// <summary>
/// The tables of the transparency log, which the app fills and reads with its own SQL. Apart from the head, nothing in
/// them ever changes.
/// </summary>
internal sealed class LogTables() : FeatureSchemaBase("log", new PostgresqlMigrator())
{
    /// <summary>The schema of the event store.</summary>
    public const string Schema = "jit";

    public const string Leaf = $"{Schema}.jit_log_leaf";
    public const string Disclosure = $"{Schema}.jit_log_disclosure";
    public const string Tile = $"{Schema}.jit_log_tile";
    public const string Head = $"{Schema}.jit_log_head";
    public const string Checkpoint = $"{Schema}.jit_log_checkpoint";

    public override Type StorageType => typeof(LogTables);

    protected override IEnumerable<ISchemaObject> schemaObjects()
    {
        var leaf = Named(Leaf);
        leaf.AddColumn<long>("idx").AsPrimaryKey();
        leaf.AddColumn<long>("seq").NotNull();
        leaf.AddColumn("leaf", "bytea").NotNull();
        leaf.AddColumn("hash", "bytea").NotNull();
        leaf.AddColumn("data", "bytea").NotNull();
        leaf.AddColumn("headers", "bytea").NotNull();
        leaf.Indexes.Add(new IndexDefinition("jit_log_leaf_by_seq") { Columns = ["seq"], IsUnique = true });
        yield return leaf;

        var disclosure = Named(Disclosure);
        disclosure.AddColumn<long>("idx").AsPrimaryKey();
        disclosure.AddColumn("digest", "text").AsPrimaryKey();
        disclosure.AddColumn("disclosure", "text").NotNull();
        yield return disclosure;

        // Full tiles only: the last one of each level is made of the rows below it.
        var tile = Named(Tile);
        tile.AddColumn<int>("level").AsPrimaryKey();
        tile.AddColumn<long>("tile").AsPrimaryKey();
        tile.AddColumn("hashes", "bytea").NotNull();
        tile.AddColumn("root", "bytea").NotNull();
        yield return tile;

        // One row, with the id 1. It exists from the first leaf on.
        var head = Named(Head);
        head.AddColumn<int>("id").AsPrimaryKey();
        head.AddColumn<long>("size").NotNull();
        head.AddColumn("frontier", "bytea").NotNull();
        head.AddColumn("root", "bytea").NotNull();
        head.AddColumn<long>("seq").NotNull();
        yield return head;

        var checkpoint = Named(Checkpoint);
        checkpoint.AddColumn<long>("size").AsPrimaryKey();
        checkpoint.AddColumn("note", "text").NotNull();
        checkpoint.AddColumn("at", "timestamp with time zone").NotNull();
        yield return checkpoint;
    }

    private static Table Named(string name) => new(name);
}
