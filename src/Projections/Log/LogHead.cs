using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using Npgsql;

namespace JitFunctions.Projections.Log;

/// <summary>How far the log is.</summary>
/// <param name="Size">The number of leaves.</param>
/// <param name="Frontier">See <see cref="CompactRange.Hashes"/>.</param>
/// <param name="Sequence">The last event that is in the log.</param>
internal sealed record LogHead(long Size, IReadOnlyList<Sha256Hash> Frontier, Sha256Hash Root, long Sequence)
{
    public static readonly LogHead Empty = new(0, [], TreeHash.Empty, 0);

    public byte[] FrontierBytes() => [.. Frontier.SelectMany(hash => hash.ToArray())];

    public bool HasTreeOf(LogHead other) =>
        Size == other.Size && Root == other.Root && Frontier.SequenceEqual(other.Frontier);

    /// <exception cref="LogInconsistentException">The row is no head of a log.</exception>
    public static async Task<LogHead> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select size, frontier, root, seq from {LogTables.Head} order by id",
            connection
        );
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        if (!await rows.ReadAsync(cancellation))
            return Empty;
        var (frontier, root) = (rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<byte[]>(2));
        if (frontier.Length % Sha256Hash.Length != 0 || root.Length != Sha256Hash.Length)
            throw new LogInconsistentException("The head of the log has no hashes of 32 bytes.");
        var head = new LogHead(
            rows.GetInt64(0),
            [.. frontier.Chunk(Sha256Hash.Length).Select(hash => new Sha256Hash(hash))],
            new(root),
            rows.GetInt64(3)
        );
        return await rows.ReadAsync(cancellation)
            ? throw new LogInconsistentException("The log has more than one head.")
            : head;
    }
}

/// <summary>
/// The tables of the log contradict each other, or what was signed before. Nothing is appended or signed any more: a
/// person has to find out what was changed.
/// </summary>
public sealed class LogInconsistentException(string message, Exception? inner = null) : Exception(message, inner);
