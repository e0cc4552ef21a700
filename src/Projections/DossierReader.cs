using System.Runtime.CompilerServices;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Dossiers;
using JitFunctions.Domain.Requests;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Merkle;
using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <param name="IsLate">True if it arrived after the seal.</param>
/// <param name="Canonical">As in <see cref="KeptAction"/>.</param>
public sealed record DossierAction(RecordedAction Action, ReadOnlyMemory<byte> Canonical, bool IsLate);

/// <summary>Reads what the dossier of one request is made of.</summary>
public sealed class DossierReader(IDocumentStore store, NpgsqlDataSource database)
{
    private static readonly string ByGrant = $"""
        select {ActionRow.Names} from {ActionTables.Actions} where grants @> array[$1] order by at, hash
        """;

    private const string Indexes = $"""
        select e.version, l.idx from {LogTables.Leaf} l join {StoredEvent.Table} e on e.seq_id = l.seq
        where e.stream_id = $1
        """;

    /// <returns>Null if there is no such request.</returns>
    public async Task<Dossier?> ReadAsync(string id, DateTimeOffset now, CancellationToken cancellation)
    {
        await ActionTables.EnsureAsync(store, cancellation);
        await using var session = store.QuerySession();
        var stored = await session.Events.FetchStreamAsync(id, token: cancellation);
        var facts = stored.Where(one => one.Data is AccessRequestEvent).ToList();
        if (facts is not [{ Data: AccessRequestEvent.Requested asked }, ..])
            return null;
        var sealedUntil = facts
            .Select(one => one.Data)
            .OfType<AccessRequestEvent.Sealed>()
            .FirstOrDefault()
            ?.Seal.ReceivedUntil;
        var (tally, late, root) = await TallyAsync(id, sealedUntil, cancellation);
        var indexes = await IndexesAsync(id, cancellation);
        var events = facts
            .Select(one => new DossierEvent(
                one.Version,
                one.EventTypeName,
                (AccessRequestEvent)one.Data,
                indexes.TryGetValue(one.Version, out var index) ? index : null
            ))
            .ToList();
        var cluster = asked.Terms.Scope.Cluster;
        var feed = await FeedAsync(cluster, cancellation);
        return Dossier.Of(
            id,
            events,
            tally,
            late,
            root,
            feed,
            await GapsAsync(cluster, asked, events, feed, now, cancellation),
            await LogAsync(cancellation)
        );
    }

    /// <summary>Adds up what was received until then; null for all.</summary>
    public async Task<(ActionTally Tally, ActionTally Late, string Root)> TallyAsync(
        string id,
        DateTimeOffset? receivedUntil,
        CancellationToken cancellation
    )
    {
        var (tally, late, tree) = (new ActionTally(), new ActionTally(), new CompactRange());
        await foreach (var one in ActionsAsync(id, receivedUntil, cancellation))
        {
            (one.IsLate ? late : tally).Add(new(one.Action, one.Canonical));
            if (!one.IsLate)
                tree.Append(TreeHash.Leaf(one.Canonical.Span));
        }

        return (tally, late, tree.Root().ToBase64());
    }

    /// <summary>The actions of a grant in the order of their stage time and hash, as they are read.</summary>
    /// <param name="sealedUntil">Of the seal; null if there is none.</param>
    public async IAsyncEnumerable<DossierAction> ActionsAsync(
        string id,
        DateTimeOffset? sealedUntil,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var query = database.CreateCommand(ByGrant);
        query.Parameters.Add(new() { Value = id });
        await using var rows = await query.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var kept = ActionRow.Read(rows);
            yield return new(
                kept.Action,
                kept.Canonical,
                rows.GetFieldValue<DateTimeOffset>(24) > (sealedUntil ?? DateTimeOffset.MaxValue)
            );
        }
    }

    public async Task<FeedFacts?> FeedAsync(string cluster, CancellationToken cancellation) =>
        await new ActionStore(database).FeedAsync(cluster, cancellation) is { } feed ? new(feed.Passed) : null;

    /// <returns>The newest checkpoint; null if the log was not signed.</returns>
    public async Task<SealedLog?> LogAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ReadCheckpointAsync(size: null, cancellation) is { Checkpoint: var newest }
            ? new(newest.Size, newest.Root.ToBase64())
            : null;
    }

    /// <summary>Events that could not be read, and may be of the subject of the grant.</summary>
    public async Task<IReadOnlyList<SealGap>> UnreadableAsync(
        string cluster,
        string subject,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellation
    )
    {
        var gaps = await new ActionStore(database).GapsOfAsync(cluster, subject, from, until, cancellation);
        return gaps.Count == 0
            ? []
            :
            [
                new(
                    SealGapKind.UnreadableEvents,
                    $"{gaps.Count} event(s) of the audit log could not be read; they may be of this grant.",
                    gaps[0].ReceivedAt,
                    gaps[^1].ReceivedAt,
                    gaps.Count
                ),
            ];
    }

    private async Task<IReadOnlyList<SealGap>> GapsAsync(
        string cluster,
        AccessRequestEvent.Requested asked,
        List<DossierEvent> events,
        FeedFacts? feed,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var facts = events.Select(one => one.Fact).ToList();
        if (facts.OfType<AccessRequestEvent.ActivationStarted>().FirstOrDefault() is not { } started)
            return [];
        var gaps = await UnreadableAsync(
            cluster,
            started.ServiceAccount?.UserName() ?? asked.Requester.Username,
            started.At,
            now,
            cancellation
        );
        return feed is null
            ? [new(SealGapKind.NoActionFeed, "The cluster has never sent its audit log.", started.At), .. gaps]
            : gaps;
    }

    private async Task<Dictionary<long, long>> IndexesAsync(string id, CancellationToken cancellation)
    {
        var indexes = new Dictionary<long, long>();
        await using var query = database.CreateCommand(Indexes);
        query.Parameters.Add(new() { Value = id });
        await using var rows = await query.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            indexes[rows.GetInt64(0)] = rows.GetInt64(1);
        return indexes;
    }
}
