using JitFunctions.Projections.Held;
using JitFunctions.Projections.Log;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>The privileges of the app's own role on the tables of the event store.</summary>
internal static class EventStoreRole
{
    /// <summary>
    /// Checks whether the role <c>@role</c> could grant itself what <see cref="Grants"/> leaves out. It can if it owns
    /// a table or a schema of the event store or of the engine, or if it is a member of such an owner. A superuser is a
    /// member of all roles.
    /// </summary>
    public const string MayChangeTables = $"""
        select exists (
            select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
            where nspname in ('{EventStore.Schema}', 'durable')
              and (pg_has_role(@role, relowner, 'member') or pg_has_role(@role, nspowner, 'member')))
        """;

    /// <param name="role">The name of an existing role.</param>
    public static string Grants(string role)
    {
        var name = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        // Revoke first what earlier versions of these grants allowed. The role that writes events and the audit trail
        // must not change them. Neither must it change recorded actions.
        return $"""
            revoke all on all tables in schema {EventStore.Schema} from {name};
            grant usage on schema {EventStore.Schema} to {name};
            grant select, insert, update, delete on all tables in schema {EventStore.Schema} to {name};
            revoke update, delete on {EventStore.Schema}.mt_events, {EventStore.Schema}.mt_doc_auditentry from {name};
            revoke delete on {EventStore.Schema}.mt_streams, {LogTables.Head} from {name};
            revoke update, delete on {ActionTables.Actions}, {ActionTables.Gaps} from {name};
            revoke delete on {ActionTables.Feeds}, {ActionTables.Offsets} from {name};
            revoke update, delete on {LogTables.Leaf}, {LogTables.Disclosure}, {LogTables.Tile}, {LogTables.Checkpoint}
                from {name};
            revoke update, delete on {HeldTables.Held} from {name};
            grant update ({HeldTables.EndColumns}) on {HeldTables.Held} to {name};
            grant usage on all sequences in schema {EventStore.Schema} to {name};
            grant execute on all functions in schema {EventStore.Schema} to {name};
            """;
    }
}
