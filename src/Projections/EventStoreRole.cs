using Npgsql;

namespace JitFunctions.Projections;

/// <summary>What the app's own role may do with the tables of the event store.</summary>
internal static class EventStoreRole
{
    /// <param name="role">It must exist.</param>
    public static string Grants(string role)
    {
        var name = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        // What another version of this allowed goes first. Nobody who writes events may change them: the one thing that is not granted.
        return $"""
            revoke all on all tables in schema {EventStore.Schema} from {name};
            grant usage on schema {EventStore.Schema} to {name};
            grant select, insert, update, delete on all tables in schema {EventStore.Schema} to {name};
            revoke update, delete on {EventStore.Schema}.mt_events from {name};
            revoke delete on {EventStore.Schema}.mt_streams from {name};
            grant usage on all sequences in schema {EventStore.Schema} to {name};
            grant execute on all functions in schema {EventStore.Schema} to {name};
            """;
    }
}
