using System.Runtime.CompilerServices;

namespace JitFunctions.TransparencyLog.Verification;

/// <summary>
/// Checks the rows of a stream on several threads, and gives them in their order. It needs a few megabytes, whatever
/// the length of the stream.
/// </summary>
internal static class RowStream
{
    private const int FirstChunk = 64 * 1024;
    private const int LargestChunk = 2 * 1024 * 1024;

    // For fewer rows, further threads cost more than they save.
    private const int WorthThreads = 64;

    /// <summary>The longest row in bytes.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    /// <param name="leaves">Read on one thread, while rows that were read are checked.</param>
    public static async IAsyncEnumerable<ArraySegment<CheckedRow>> CheckAsync(
        Stream leaves,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var threads = Math.Clamp(Environment.ProcessorCount, 1, 8);
        var checks = Enumerable.Range(0, threads).Select(_ => new RowCheck()).ToArray();
        var (lines, results) = (new List<Range>(), Array.Empty<CheckedRow>());
        var (buffer, next) = (new byte[FirstChunk], new byte[FirstChunk]);
        var length = await ReadAsync(leaves, buffer, 0, cancellation);
        while (length > 0)
        {
            var end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end == 0)
            {
                // One row is longer than the buffer, or the last one has no line feed.
                if (length < buffer.Length || length >= MostBytes)
                {
                    yield return new([NoRow]);
                    yield break;
                }

                Array.Resize(ref buffer, 2 * buffer.Length);
                length = await ReadAsync(leaves, buffer, length, cancellation);
                continue;
            }

            var wanted = length == buffer.Length ? Math.Min(2 * length, LargestChunk) : 0;
            if (next.Length < Math.Max(wanted, buffer.Length))
                next = new byte[Math.Max(wanted, buffer.Length)];
            var rest = length - end;
            buffer.AsSpan(end, rest).CopyTo(next);
            var (chunk, into) = (buffer, next);
            var reading = Task.Run(() => ReadAsync(leaves, into, rest, cancellation), cancellation);

            try
            {
                Split(chunk.AsSpan(0, end), lines);
                if (results.Length < lines.Count)
                    results = new CheckedRow[2 * lines.Count];
                Check(chunk, lines, checks, results);
                yield return new(results, 0, lines.Count);
            }
            finally
            {
                // Whoever stops here disposes of the stream next.
                await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            (buffer, next) = (next, buffer);
            length = await reading;
        }
    }

    private static CheckedRow NoRow =>
        new(-1, default, 0, 0, ExportProblemKind.Form, "the row has no line feed at its end, or is too long");

    private static void Check(byte[] chunk, List<Range> lines, RowCheck[] checks, CheckedRow[] results)
    {
        if (lines.Count < WorthThreads)
            CheckPart(0, lines.Count, checks[0]);
        else
            Parallel.For(0, checks.Length, thread => CheckPart(Part(thread), Part(thread + 1), checks[thread]));

        int Part(int thread) => (int)((long)lines.Count * thread / checks.Length);

        void CheckPart(int from, int to, RowCheck check)
        {
            for (var i = from; i < to; i++)
                results[i] = check.Check(chunk.AsSpan(lines[i]));
        }
    }

    private static void Split(ReadOnlySpan<byte> chunk, List<Range> lines)
    {
        lines.Clear();
        for (var start = 0; start < chunk.Length; )
        {
            var end = start + chunk[start..].IndexOf((byte)'\n');
            lines.Add(new(start, end));
            start = end + 1;
        }
    }

    /// <summary>Fills the buffer behind what it has, and returns how many bytes it has then.</summary>
    private static async Task<int> ReadAsync(
        Stream stream,
        byte[] buffer,
        int length,
        CancellationToken cancellation
    ) =>
        length
        + await stream.ReadAtLeastAsync(
            buffer.AsMemory(length),
            buffer.Length - length,
            throwOnEndOfStream: false,
            cancellation
        );
}
