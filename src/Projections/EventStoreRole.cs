using Npgsql;

namespace JitFunctions.Projections;

/// <summary>What the app's own role may do with the tables of the event store.</summary>
internal static class EventStoreRole
{
    /// <summary>
    /// Whether the role <c>@role</c> could give itself what <see cref="Grants"/> leaves out: it owns a table or a
    /// schema of the database, also those of the engine, or is a member of a role that does, as a superuser is of all.
    /// </summary>
    public const string MayChangeTables = $"""
        select exists (
            select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
            where nspname in ('{EventStore.Schema}', 'durable')
              and (pg_has_role(@role, relowner, 'member') or pg_has_role(@role, nspowner, 'member')))
        """;

    /// <param name="role">It must exist.</param>
    public static string Grants(string role)
    {
        var name = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        // What another version of this allowed goes first. Whoever writes events and the trail may not change them.
        return $"""
            revoke all on all tables in schema {EventStore.Schema} from {name};
            grant usage on schema {EventStore.Schema} to {name};
            grant select, insert, update, delete on all tables in schema {EventStore.Schema} to {name};
            revoke update, delete on {EventStore.Schema}.mt_events, {EventStore.Schema}.mt_doc_auditentry from {name};
            revoke delete on {EventStore.Schema}.mt_streams from {name};
            grant usage on all sequences in schema {EventStore.Schema} to {name};
            grant execute on all functions in schema {EventStore.Schema} to {name};
            """;
    }
}
