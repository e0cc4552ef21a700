using System.Globalization;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

/// <summary>
/// The task hub's tables. Their version is stored in the schema's comment, so that a role without DDL rights can use a
/// schema that another role created. Versions of this host before 1.0 used a schema named <c>durable</c> with a
/// different layout; nodes of such a version keep working there alongside this one.
/// </summary>
internal sealed class Schema(TaskHubDatabase database)
{
    private const string Owner = "embedded host ";
    private const int Revision = 1;

    private const string Definition = """
        create schema if not exists taskhub;

        create sequence if not exists taskhub.node_ids as int;
        create table if not exists taskhub.nodes (
            id int primary key,
            lease_until timestamptz not null);

        create table if not exists taskhub.instances (
            id text primary key,
            name text not null,
            version text not null,
            execution int not null,
            status text not null,
            input text,
            output text,
            custom_status text,
            failure text,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            owner int);
        create index if not exists instances_owned on taskhub.instances (owner) where owner is not null;
        create index if not exists instances_finished on taskhub.instances (updated_at)
            where status not in ('Pending', 'Running');

        create table if not exists taskhub.history (
            instance_id text not null,
            position int not null,
            event json not null,
            primary key (instance_id, position));

        create table if not exists taskhub.inbox (
            id bigint generated always as identity primary key,
            instance_id text not null,
            execution int,
            kind text not null,
            message json not null,
            trace text,
            due_at timestamptz not null);
        create index if not exists inbox_due on taskhub.inbox (due_at);
        create index if not exists inbox_instance on taskhub.inbox (instance_id);

        create table if not exists taskhub.activities (
            id bigint generated always as identity primary key,
            instance_id text not null,
            execution int not null,
            task_id int not null,
            name text not null,
            input text,
            trace text,
            owner int);
        create index if not exists activities_waiting on taskhub.activities (id) where owner is null;
        create index if not exists activities_instance on taskhub.activities (instance_id);

        create table if not exists taskhub.timers (
            name text primary key,
            last_occurrence timestamptz not null,
            owner int);

        create or replace function taskhub.require(condition boolean, failure text) returns void language plpgsql as $$
        begin
            if not condition then
                raise exception 'a write to the task hub was refused' using errcode = failure;
            end if;
        end $$;
        """;

    /// <summary>Grants an existing role the rights that the host needs, but no right to change the tables.</summary>
    public async Task LetUseAsync(string role, CancellationToken cancellation)
    {
        var name = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        await using var grant = database.Source.CreateCommand(
            $"""
            grant usage on schema taskhub to {name};
            grant select, insert, update, delete on all tables in schema taskhub to {name};
            grant usage on all sequences in schema taskhub to {name};
            """
        );
        await grant.ExecuteNonQueryAsync(cancellation);
    }

    /// <exception cref="InvalidOperationException">
    /// The tables are missing or outdated, and this role may not create them.
    /// </exception>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var read = connection.CreateCommand();
        read.CommandText = "select obj_description(to_regnamespace('taskhub'), 'pg_namespace')";
        // A newer schema has everything that this version needs. So old nodes work alongside new ones, and after a
        // rollback.
        if (
            await read.ExecuteScalarAsync(cancellation) is string comment
            && comment.StartsWith(Owner, StringComparison.Ordinal)
            && int.TryParse(comment.AsSpan(Owner.Length), CultureInfo.InvariantCulture, out var revision)
            && revision >= Revision
        )
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var create = connection.CreateCommand();
        create.CommandText = "select pg_advisory_xact_lock(hashtext('taskhub'))";
        await create.ExecuteNonQueryAsync(cancellation);
        try
        {
            create.CommandText = $"{Definition} comment on schema taskhub is '{Owner}{Revision}'";
            await create.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                "The tables of the orchestrations are missing or older than this version, and the app's database "
                    + "role may not make them: "
                    + "run 'schema' as their owner, before the app.",
                refused
            );
        }

        await transaction.CommitAsync(cancellation);
    }
}
