using JitFunctions.Functions.Log;
using JitFunctions.Projections;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace JitFunctions.Functions.Http.Log;

/// <summary>
/// What the functions of the log share: its newest checkpoint, and exports that are written as they are sent.
/// </summary>
internal static class LogAnswers
{
    public static IResult ForAuditors() =>
        Problems.NotAllowed("Only auditors may read the log. Ask the platform team for the auditors' group.");

    /// <param name="answer">Gets a connection and the newest checkpoint. Disposes of neither.</param>
    public static async Task<IResult> WithNewestAsync(
        this ApiStore store,
        Func<NpgsqlConnection, SignedCheckpoint, Task<IResult>> answer,
        CancellationToken cancellation
    )
    {
        try
        {
            await using var connection = await store.Database.OpenConnectionAsync(cancellation);
            return await connection.ReadCheckpointAsync(size: null, cancellation) is { } newest
                ? await answer(connection, newest)
                : Problems.LogNotSigned();
        }
        catch (LogInconsistentException)
        {
            return Problems.LogInconsistent();
        }
    }

    /// <summary>A zip archive that is sent while it is read.</summary>
    /// <param name="write">Gets a connection, the policy that the log suggests, and the archive.</param>
    public static async Task<IResult> ZipAsync(
        this ApiStore store,
        HttpContext http,
        LogKeys keys,
        string name,
        Func<NpgsqlConnection, string, IExportTarget, Task> write,
        CancellationToken cancellation
    )
    {
        var signing = await keys.OpenAsync(cancellation);
        var policy = LogKeys.SuggestedPolicy(signing?.Keys ?? []);
        return TypedResults.Stream(
            async body =>
            {
                // The end of each file in an archive is written synchronously, even by its asynchronous methods: the
                // few bytes that are still in its buffer.
                if (http.Features.Get<IHttpBodyControlFeature>() is { } control)
                    control.AllowSynchronousIO = true;
                await using var connection = await store.Database.OpenConnectionAsync(cancellation);
                await using var zip = await ZipTarget.CreateAsync(body, cancellation);
                await write(connection, policy, zip);
            },
            "application/zip",
            name
        );
    }
}
