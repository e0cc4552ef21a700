using System.Text.Json.Nodes;
using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Leaves;
using JitFunctions.TransparencyLog.Merkle;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>An event beside its row in the log. One of them may be missing.</summary>
internal sealed record LoggedEvent(
    long Sequence,
    StoredEvent? Event,
    long? Index,
    byte[] Leaf,
    byte[] StoredHash,
    byte[] Data,
    byte[] Headers,
    string[] Digests,
    string[] Disclosures
)
{
    public Sha256Hash Hash => TreeHash.Leaf(Leaf);

    /// <param name="first">The column with the sequence in the log, behind which the others follow.</param>
    public static LoggedEvent Read(NpgsqlDataReader row, int first)
    {
        var stored = row.IsDBNull(0) ? null : StoredEvent.Read(row);
        return row.IsDBNull(first)
            ? new(stored!.Sequence, stored, null, [], [], [], [], [], [])
            : new(
                row.GetInt64(first),
                stored,
                row.GetInt64(first + 1),
                row.GetFieldValue<byte[]>(first + 2),
                row.GetFieldValue<byte[]>(first + 3),
                row.GetFieldValue<byte[]>(first + 4),
                row.GetFieldValue<byte[]>(first + 5),
                row.GetFieldValue<string[]>(first + 6),
                row.GetFieldValue<string[]>(first + 7)
            );
    }

    /// <param name="next">The index that the leaf has to have.</param>
    /// <param name="placeholders">What recorded erasures put in the place of values.</param>
    /// <returns>One sentence; null if the log is right about the event.</returns>
    public string? WhyWrong(long next, IReadOnlySet<string> placeholders)
    {
        if (Index is null)
            return "The event store has an event that is not in the log.";
        if (Index != next)
            return $"The leaf {Index} is where the leaf {next} should be.";
        try
        {
            var leaf = EventLeaf.Parse(Leaf);
            if (leaf.Sequence != Sequence || !StoredHash.AsSpan().SequenceEqual(Hash.ToArray()))
                return "The leaf is not that of its row.";
            if (leaf.Data != Sha256Hash.Of(Data) || leaf.Headers != Sha256Hash.Of(Headers))
                return "Data or headers in the log are not what the leaf commits to.";
            if (Disclosed() is not { } disclosed)
                return "A disclosure is not one of this event.";
            return Event is null ? "The log has an event that the event store no longer has."
                : !IsOf(leaf, Event) ? "The event has another id, stream, version, type or time than the log has."
                : !IsSame(disclosed.Data, Event.CanonicalData(), placeholders)
                    ? "The data of the event is not that in the log."
                : !IsSame(disclosed.Headers, Event.CanonicalHeaders(), placeholders)
                    ? "Who caused the event, or how, is not what the log has."
                : null;
        }
        catch (FormatException e)
        {
            return $"The event, or its row in the log, is not in its form: {e.Message}";
        }
    }

    private (byte[] Data, byte[] Headers)? Disclosed()
    {
        var all = Disclosures.Select(Disclosure.Parse).ToList();
        if (!all.Select(one => one.Digest).SequenceEqual(Digests))
            return null;
        var inData = Redaction.DigestsIn(Data).ToHashSet(StringComparer.Ordinal);
        return (
            Redaction.Restore(Data, all.Where(one => inData.Contains(one.Digest))),
            Redaction.Restore(Headers, all.Where(one => !inData.Contains(one.Digest)))
        );
    }

    private static bool IsOf(EventLeaf leaf, StoredEvent stored) =>
        leaf.Id == stored.Id
        && leaf.Stream == stored.Stream
        && leaf.Version == stored.Version
        && leaf.Type == stored.Type
        && leaf.At == stored.At;

    private static bool IsSame(byte[] logged, byte[] stored, IReadOnlySet<string> placeholders) =>
        logged.AsSpan().SequenceEqual(stored) || IsSame(JsonNode.Parse(logged), JsonNode.Parse(stored), placeholders);

    /// <summary>
    /// Whether they are the same but for members that were erased from the log: of these it has the digests only, and
    /// the event has the placeholder of a recorded erasure.
    /// </summary>
    private static bool IsSame(JsonNode? logged, JsonNode? stored, IReadOnlySet<string> placeholders)
    {
        if (logged is JsonArray one && stored is JsonArray other)
            return one.Count == other.Count
                && one.Zip(other).All(pair => IsSame(pair.First, pair.Second, placeholders));
        if (logged is not JsonObject log || stored is not JsonObject row)
            return JsonNode.DeepEquals(logged, stored);
        var erased = log[Redaction.Digests]?.AsArray().Count ?? 0;
        var isThere = log.Where(member => member.Key is not Redaction.Digests)
            .All(member =>
                row.TryGetPropertyValue(member.Key, out var value) && IsSame(member.Value, value, placeholders)
            );
        var others = row.Where(member => !log.ContainsKey(member.Key)).ToList();
        return isThere
            && others.Count == erased
            && others.All(member =>
                PersonalMembers.Personal.Contains(member.Key) && ErasureRule.IsErased(member.Value, placeholders)
            );
    }
}
