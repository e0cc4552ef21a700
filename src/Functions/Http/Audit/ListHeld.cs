using JitFunctions.Functions.Http.Log;
using JitFunctions.Projections;
using JitFunctions.Projections.Held;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Checkpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Npgsql;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>
/// <c>GET /api/audit/held</c>: who held what, when, as it was known at a checkpoint of the log. Asked again with the
/// size of that checkpoint, the answer has the same bytes, whatever happened since.
/// </summary>
public sealed class ListHeld(ApiStore store, TimeProvider clock)
{
    [Function(nameof(ListHeld))]
    [ReadsRecord]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/held")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Problems.NotAllowed(
                "Only auditors may ask who held what. Ask the platform team for the auditors' group."
            );

        var (query, problem) = HeldQuery.Read(http, clock);
        if (query is null)
            return problem!;
        return await store.WithNewestAsync(
            async (connection, newest) =>
            {
                var size = query.Size ?? newest.Checkpoint.Size;
                var known =
                    size == newest.Checkpoint.Size ? newest : await connection.ReadCheckpointAsync(size, cancellation);
                return known is null
                    ? Problems.NoSuchCheckpoint(newest.Checkpoint.Size)
                    : await AnswerAsync(connection, query, known.Checkpoint, cancellation);
            },
            cancellation
        );
    }

    private static async Task<IResult> AnswerAsync(
        NpgsqlConnection connection,
        HeldQuery query,
        Checkpoint known,
        CancellationToken cancellation
    )
    {
        var found = await connection.FindHeldAsync(query.Question, known, cancellation);
        var page = found.Take(query.Question.Limit).ToList();
        return ApiJson.Result(
            new HeldAnswer(
                new(known.Origin, known.Size, known.Root.ToBase64()),
                query.At,
                page,
                found.Count > page.Count ? new HeldCursor(known.Size, page[^1].Mark()).ToString() : null
            )
        );
    }
}

/// <param name="At">The time that was asked for; absent if none was.</param>
internal sealed record HeldAnswer(
    CheckpointView Checkpoint,
    DateTimeOffset? At,
    IReadOnlyList<HeldItem> Items,
    string? NextCursor
);

/// <summary>The checkpoint by which an answer can be asked for again.</summary>
internal sealed record CheckpointView(string Origin, long Size, string Root);
