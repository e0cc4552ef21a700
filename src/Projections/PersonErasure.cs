using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Record;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Disclosures;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.Projections;

/// <param name="Subject">Of the person, as in the events.</param>
/// <param name="AlsoNames">What else names them, such as a family name.</param>
/// <param name="Reason">Must not name the person.</param>
/// <param name="By">The operator.</param>
public sealed record ErasureOrder(
    string Subject,
    IReadOnlyList<string> AlsoNames,
    string Reason,
    Principal By,
    LegalHold Hold
);

/// <param name="Refusal">Why nothing was changed; null if the person is erased.</param>
/// <param name="Fact">The event of the erasure; null also if nothing named the person any more.</param>
/// <param name="Left">Where a name still is: in names of clusters, namespaces, roles or bindings, which stay.</param>
public sealed record ErasureOutcome(string? Refusal, RecordEvent.PersonErased? Fact, IReadOnlyList<string> Left);

/// <summary>
/// Erases a person: a placeholder comes in the place of all that names them, and the disclosures of the log go. Leaves,
/// and with them every proof, stay; so does what the person did, and when. It is one transaction, by the role that owns
/// the tables: the app's own role cannot do it.
/// </summary>
public sealed class PersonErasure(IDocumentStore store, TimeProvider clock)
{
    private const int EventsAtOnce = 1000;

    private const string Prefix = "erased-";

    public async Task<ErasureOutcome> EraseAsync(ErasureOrder order, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession();
        await session.BeginTransactionAsync(cancellation);
        var connection = session.Connection!;
        // Nobody may append events, or put them into the log, while they are rewritten.
        await ExecuteAsync(
            connection,
            $"select pg_advisory_xact_lock({LogSequencer.LockKey}); select pg_advisory_xact_lock({AppendLock.Key})",
            [],
            cancellation
        );
        if ((await new LogCheck(policy: null).RunAsync(connection, cancellation)).Problem is { } changed)
            return Refused($"The events are not those of the log, so nothing may be erased: {changed.Reason}");
        var names = await FindNamesAsync(connection, order, cancellation);
        if (names.All.FirstOrDefault(name => name.Length < PersonNames.Shortest) is { } shortName)
            return Refused($"'{shortName}' is too short: it would be found in other words.");
        if (names.All.FirstOrDefault(name => Prefix.Contains(name, StringComparison.OrdinalIgnoreCase)) is { } common)
            return Refused($"'{common}' is part of every placeholder: give a longer name.");
        if (names.AreIn(order.Reason))
            return Refused("The reason names the person: it stays in the record, so write it without the name.");

        string placeholder;
        do placeholder = $"{Prefix}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        while (names.AreIn(placeholder));
        var events = await FindEventsAsync(connection, order, names, placeholder, cancellation);
        if (await WhyNotAsync(connection, order, names, events, cancellation) is { } why)
            return Refused(why);

        await UpdateEventsAsync(connection, events, cancellation);
        var disclosures = await DeleteDisclosuresAsync(connection, events, names, cancellation);
        var actions = await ActionErasure.EraseAsync(connection, names, placeholder, cancellation);
        await ExecuteAsync(
            connection,
            $"""
            delete from {EventStore.Schema}.mt_doc_tokenmembership
            where id = any($1) or lower(data ->> 'username') = any(select lower(name) from unnest($1) as name)
            """,
            [names.All.ToArray()],
            cancellation
        );
        await ProjectAsync(session, events, cancellation);
        var others = await TextErasure.EraseAsync(connection, names, placeholder, cancellation);
        if (events is [] && disclosures + actions + others == 0)
            return new(null, null, await TextErasure.FindAsync(connection, names, cancellation));

        var fact = new RecordEvent.PersonErased(
            order.By,
            placeholder,
            order.Reason,
            events.Count,
            disclosures,
            actions,
            clock.GetUtcNow()
        );
        session.AppendRecord(fact, new(order.By, "command", null));
        var left = await TextErasure.FindAsync(connection, names, cancellation);
        await session.SaveChangesAsync(cancellation);
        return new(null, fact, left);
    }

    private static ErasureOutcome Refused(string why) => new(why, null, []);

    /// <summary>The user names that the subject ever had in the record, and linked accounts.</summary>
    private static async Task<PersonNames> FindNamesAsync(
        NpgsqlConnection connection,
        ErasureOrder order,
        CancellationToken cancellation
    )
    {
        const string Events = StoredEvent.Table;
        var found = await TextsAsync(
            connection,
            $"""
            select user_name from {Events} where headers ->> 'actor-subject' = $1
            union select data -> 'requester' ->> 'username' from {Events} where data -> 'requester' ->> 'subject' = $1
            union select data -> 'by' ->> 'username' from {Events} where data -> 'by' ->> 'subject' = $1
            union select data ->> 'username' from {EventStore.Schema}.mt_doc_tokenmembership where id = $1
            union select jsonb_array_elements_text(data -> 'otherAccounts') from {Events}
              where jsonb_typeof(data -> 'otherAccounts') = 'array'
                and (data -> 'requester' ->> 'subject' = $1 or data -> 'by' ->> 'subject' = $1)
            """,
            [order.Subject],
            cancellation
        );
        return new(found.Where(name => !ErasureRule.IsPlaceholder(name)).Append(order.Subject).Concat(order.AlsoNames));
    }

    private static async Task<List<RewrittenEvent>> FindEventsAsync(
        NpgsqlConnection connection,
        ErasureOrder order,
        PersonNames names,
        string placeholder,
        CancellationToken cancellation
    )
    {
        var own = (
            await TextsAsync(
                connection,
                $"""
                select distinct stream_id from {StoredEvent.Table} where type = 'access_requested'
                  and (data -> 'requester' ->> 'subject' = $1
                    or lower(data -> 'requester' ->> 'username') = any(select lower(name) from unnest($2) as name))
                """,
                [order.Subject, names.All.ToArray()],
                cancellation
            )
        ).ToHashSet(StringComparer.Ordinal);
        var hashes = new Dictionary<(string Stream, string Hash), int>();
        var found = new List<RewrittenEvent>();
        await using var command = new NpgsqlCommand(
            $"select {StoredEvent.Columns} from {StoredEvent.Table} e order by e.seq_id",
            connection
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var stored = StoredEvent.Read(rows);
            var headers = stored.Headers is { } text ? JsonNode.Parse(text) : null;
            var about = new EventPerson(
                names.Have(stored.UserName) || names.Have((string?)headers?["actor-subject"]),
                own.Contains(stored.Stream)
            );
            var data = JsonNode.Parse(stored.Data);
            var user = stored.UserName is { } name && names.AreIn(name) ? placeholder : stored.UserName;
            if (
                ErasureRule.Erase(data, about, names, Placeholder)
                    + ErasureRule.Erase(headers, about, names, Placeholder)
                    > 0
                || user != stored.UserName
            )
                found.Add(
                    new(
                        stored.Sequence,
                        stored.Stream,
                        stored.Type,
                        about,
                        data!.ToJsonString(),
                        headers?.ToJsonString(),
                        user
                    )
                );

            // Which reviews were about the same scope stays visible.
            string Placeholder(string member, string value)
            {
                if (member is not "scopeHash")
                    return placeholder;
                if (!hashes.TryGetValue((stored.Stream, value), out var number))
                    hashes[(stored.Stream, value)] = number = hashes.Keys.Count(key => key.Stream == stored.Stream);
                return number == 0 ? placeholder : $"{placeholder}.{number}";
            }
        }

        return found;
    }

    private static async Task<string?> WhyNotAsync(
        NpgsqlConnection connection,
        ErasureOrder order,
        PersonNames names,
        List<RewrittenEvent> events,
        CancellationToken cancellation
    )
    {
        var streams = events.Select(e => e.Stream).Distinct().ToArray();
        if (order.Hold.WhyNotErase(names.All, streams) is { } held)
            return held;
        const string Requests = $"{EventStore.Schema}.mt_doc_requestdetails";
        var open = await TextsAsync(
            connection,
            $"""
            select id from {Requests} where id = any($1) and not (data ->> 'isFinal')::boolean
            union select id from {EventStore.Schema}.mt_doc_owedreview where id = any($1) order by 1
            """,
            [streams],
            cancellation
        );
        if (open is not [])
            return $"These requests are not over, and name the person: {string.Join(", ", open)}.";
        if (!events.Any(e => e.Type is "policy_published"))
            return null;
        var used = await TextsAsync(
            connection,
            $"""
            select data -> 'policy' ->> 'version' from {Requests} where not (data ->> 'isFinal')::boolean
            union (select data ->> 'version' from {StoredEvent.Table} where type = 'policy_published'
              order by seq_id desc limit 1)
            """,
            [],
            cancellation
        );
        return events.Any(e =>
            e.Type is "policy_published"
            && JsonNode.Parse(e.Data) is JsonObject data
            && used.Contains((string)data["version"]!)
            && data["files"]!.AsArray().Any(file => ErasureRule.IsPlaceholder((string)file!["content"]!))
        )
            ? "Policies that are in force, or that an open request was made under, name the person: publish policies "
                + "without the name first."
            : null;
    }

    private static Task UpdateEventsAsync(
        NpgsqlConnection connection,
        List<RewrittenEvent> events,
        CancellationToken cancellation
    ) =>
        ExecuteAsync(
            connection,
            $"""
            update {StoredEvent.Table} e set data = u.data::jsonb, headers = u.headers::jsonb, user_name = u.name
            from unnest($1, $2, $3, $4) as u (seq, data, headers, name) where e.seq_id = u.seq
            """,
            [
                events.Select(e => e.Sequence).ToArray(),
                events.Select(e => e.Data).ToArray(),
                events.Select(e => e.Headers).ToArray(),
                events.Select(e => e.UserName).ToArray(),
            ],
            cancellation
        );

    /// <summary>The same rule decides about a member of an event and about its disclosure.</summary>
    private static async Task<long> DeleteDisclosuresAsync(
        NpgsqlConnection connection,
        List<RewrittenEvent> events,
        PersonNames names,
        CancellationToken cancellation
    )
    {
        var about = events.ToDictionary(e => e.Sequence, e => e.About);
        var erased = new List<(long Index, string Digest)>();
        await using (
            var command = new NpgsqlCommand(
                $"""
                select l.seq, d.idx, d.digest, d.disclosure from {LogTables.Leaf} l
                join {LogTables.Disclosure} d on d.idx = l.idx where l.seq = any($1)
                """,
                connection
            )
            {
                Parameters = { new() { Value = about.Keys.ToArray() } },
            }
        )
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var disclosure = Disclosure.Parse(rows.GetString(3));
                var value = JsonNode.Parse(disclosure.Value.GetRawText());
                if (ErasureRule.Erases(disclosure.Name, value, about[rows.GetInt64(0)], names))
                    erased.Add((rows.GetInt64(1), rows.GetString(2)));
            }
        }

        return await ExecuteAsync(
            connection,
            $"""
            delete from {LogTables.Disclosure} d using unnest($1, $2) as u (idx, digest)
            where d.idx = u.idx and d.digest = u.digest
            """,
            [erased.Select(one => one.Index).ToArray(), erased.Select(one => one.Digest).ToArray()],
            cancellation
        );
    }

    /// <summary>Derives from the events again what is shown of them.</summary>
    private async Task ProjectAsync(
        IDocumentSession session,
        List<RewrittenEvent> events,
        CancellationToken cancellation
    )
    {
        var json = store.Options.Serializer();
        var connection = session.Connection!;
        foreach (var some in events.Select(e => e.Sequence).Chunk(EventsAtOnce))
        {
            var stored = await session
                .Events.QueryAllRawEvents()
                .Where(e => some.Contains(e.Sequence))
                .ToListAsync(cancellation);
            var entries = stored.Select(AuditTrailProjection.EntryOf).ToList();
            await ExecuteAsync(
                connection,
                $"""
                update {EventStore.Schema}.mt_doc_auditentry d set data = u.data::jsonb, actor = u.actor
                from unnest($1, $2, $3) as u (id, data, actor) where d.id = u.id
                """,
                [
                    entries.Select(entry => entry.Id).ToArray(),
                    entries.Select(json.ToJson).ToArray(),
                    entries.Select(entry => entry.Actor).ToArray(),
                ],
                cancellation
            );
        }

        foreach (var stream in events.Select(e => e.Stream).Distinct())
        {
            if (
                await session.Events.AggregateStreamAsync<RequestDetails>(stream, token: cancellation)
                is not { } details
            )
                continue;
            await ExecuteAsync(
                connection,
                $"update {EventStore.Schema}.mt_doc_requestdetails set data = $2::jsonb where id = $1",
                [stream, json.ToJson(details)],
                cancellation
            );
        }
    }

    private static async Task<List<string>> TextsAsync(
        NpgsqlConnection connection,
        string sql,
        object[] values,
        CancellationToken cancellation
    )
    {
        await using var command = Command(connection, sql, values);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            if (!rows.IsDBNull(0))
                found.Add(rows.GetString(0));
        }

        return found;
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        object[] values,
        CancellationToken cancellation
    )
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(
                value is string?[]
                    ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
                    : new() { Value = value }
            );
        return command;
    }

    private sealed record RewrittenEvent(
        long Sequence,
        string Stream,
        string Type,
        EventPerson About,
        string Data,
        string? Headers,
        string? UserName
    );
}
