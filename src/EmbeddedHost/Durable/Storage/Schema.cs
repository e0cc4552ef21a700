using System.Globalization;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

/// <summary>
/// The engine's tables. Their version stands in the schema's comment, so that a role without DDL rights can use a schema that
/// someone else created.
/// </summary>
internal sealed class Schema(DurableDatabase database)
{
    private const string Owner = "embedded host ";
    private const int Revision = 2;

    private const string Definition = """
        create schema if not exists durable;

        create sequence if not exists durable.node_ids as int;
        create table if not exists durable.nodes (
            id int primary key,
            lease_until timestamptz not null);

        create table if not exists durable.instances (
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
        create index if not exists instances_owned on durable.instances (owner) where owner is not null;
        create index if not exists instances_finished on durable.instances (updated_at) where status not in ('Pending', 'Running');

        create table if not exists durable.history (
            instance_id text not null,
            position int not null,
            event json not null,
            primary key (instance_id, position));

        create table if not exists durable.inbox (
            id bigint generated always as identity primary key,
            instance_id text not null,
            execution int,
            kind text not null,
            task_id int,
            message json not null,
            due_at timestamptz not null);
        create index if not exists inbox_due on durable.inbox (due_at);
        create index if not exists inbox_instance on durable.inbox (instance_id);

        create table if not exists durable.activities (
            id bigint generated always as identity primary key,
            instance_id text not null,
            execution int not null,
            task_id int not null,
            name text not null,
            input text,
            owner int);
        alter table durable.activities add column if not exists trace text;
        create index if not exists activities_waiting on durable.activities (id) where owner is null;
        create index if not exists activities_instance on durable.activities (instance_id);

        create table if not exists durable.timers (
            name text primary key,
            last_occurrence timestamptz not null,
            owner int);

        create or replace function durable.require(condition boolean, failure text) returns void language plpgsql as $$
        begin
            if not condition then
                raise exception 'a durable write was refused' using errcode = failure;
            end if;
        end $$;
        """;

    /// <summary>Lets a role, which must exist, do the engine's work without any right to change its tables.</summary>
    public async Task LetUseAsync(string role, CancellationToken cancellation)
    {
        var name = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        await using var grant = database.Source.CreateCommand($"""
            grant usage on schema durable to {name};
            grant select, insert, update, delete on all tables in schema durable to {name};
            grant usage on all sequences in schema durable to {name};
            """);
        await grant.ExecuteNonQueryAsync(cancellation);
    }

    /// <exception cref="InvalidOperationException">They are missing or of an older version, and this role may not make them.</exception>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var read = connection.CreateCommand();
        read.CommandText = "select obj_description(to_regnamespace('durable'), 'pg_namespace')";
        // A newer one has all that this version needs, so old nodes go on beside new ones, and after a roll-back.
        if (await read.ExecuteScalarAsync(cancellation) is string comment && comment.StartsWith(Owner, StringComparison.Ordinal)
            && int.TryParse(comment.AsSpan(Owner.Length), CultureInfo.InvariantCulture, out var revision) && revision >= Revision)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var create = connection.CreateCommand();
        create.CommandText = "select pg_advisory_xact_lock(hashtext('durable'))";
        await create.ExecuteNonQueryAsync(cancellation);
        try
        {
            create.CommandText = $"{Definition} comment on schema durable is '{Owner}{Revision}'";
            await create.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidOperationException(
                "The tables of the orchestrations are missing or older than this version, and the app's database role may not make them: "
                + "run 'schema' as their owner, before the app.", refused);
        }

        await transaction.CommitAsync(cancellation);
    }
}
