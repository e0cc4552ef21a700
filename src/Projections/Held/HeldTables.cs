using JitFunctions.Projections.Log;
using Weasel.Core;
using Weasel.Core.Migrations;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace JitFunctions.Projections.Held;

/// <summary>
/// The table of what was held, when: a row for each period of a grant and each namespace. A row changes once, when its
/// period ends. It says by indexes of the log, not by clocks, when something became known.
/// </summary>
internal sealed class HeldTables() : FeatureSchemaBase("held", new PostgresqlMigrator())
{
    public const string Held = $"{LogTables.Schema}.jit_held";

    /// <summary>The columns that say how a period ended. The app's role can change no others.</summary>
    public const string EndColumns = "live_until, closed_idx, proof, lasting";

    public override Type StorageType => typeof(HeldTables);

    protected override IEnumerable<ISchemaObject> schemaObjects()
    {
        var held = new Table(Held);
        held.AddColumn("grant_id", "text").AsPrimaryKey();
        held.AddColumn<long>("part").AsPrimaryKey();
        // '*' for all namespaces.
        held.AddColumn("namespace", "text").AsPrimaryKey();
        held.AddColumn("cluster", "text").NotNull();
        held.AddColumn("person", "text").NotNull();
        held.AddColumn("subject", "text").NotNull();
        held.AddColumn("account", "text").NotNull();
        held.AddColumn("role", "text").NotNull();
        held.AddColumn("scope_hash", "text").NotNull();
        held.AddColumn("status", "text").NotNull();
        held.AddColumn("promised", "timestamp with time zone");
        held.AddColumn("live_from", "timestamp with time zone").NotNull();
        held.AddColumn("live_until", "timestamp with time zone");
        held.AddColumn<long>("opened_idx").NotNull();
        held.AddColumn<long>("closed_idx");
        held.AddColumn("proof", "text");
        held.AddColumn<bool>("lasting").NotNull();

        // Rows that are not lasting are looked for behind the longest duration only: the cost does not grow with the
        // history. Lasting rows are few, and have indexes of their own.
        Add("jit_held_by_cluster", lasting: false, "cluster", "live_from");
        Add("jit_held_by_time", lasting: false, "live_from");
        Add("jit_held_lasting", lasting: true, "cluster", "live_from");
        Add("jit_held_by_person", lasting: null, "lower(person)", "live_from");
        Add("jit_held_by_subject", lasting: null, "subject", "live_from");
        Add("jit_held_by_namespace", lasting: null, "namespace", "cluster", "live_from");
        yield return held;

        void Add(string name, bool? lasting, params string[] columns) =>
            held.Indexes.Add(
                new IndexDefinition(name)
                {
                    Columns = columns,
                    Predicate = lasting switch
                    {
                        true => "lasting",
                        false => "NOT lasting",
                        null => null,
                    },
                }
            );
    }
}
