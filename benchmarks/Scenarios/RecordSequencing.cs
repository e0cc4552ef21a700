using System.Security.Cryptography;
using JitFunctions.Domain.Grants;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Notes;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.Benchmarks;

/// <summary>
/// How many stored events a second the sequencer puts into the signed log, beside copying rows of the same bytes.
/// </summary>
internal static class RecordSequencing
{
    private const string Origin = "benchmark.example.com/log";
    private const int InOneCommit = 500;

    public static async Task<IReadOnlyList<Table>> RunAsync(Sizes sizes, CancellationToken cancellation)
    {
        await using var server = await PostgresServer.StartAsync(durable: true, cancellation);
        await using var database = NpgsqlDataSource.Create(
            await server.CreateDatabaseAsync(cancellation: cancellation)
        );
        using var store = DocumentStore.For(options => EventStore.Configure(options, database, createSchema: true));
        using var ecdsa = new EcdsaNoteSigner(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var signing = new CheckpointSigning(
            [ecdsa, new Ed25519NoteSigner(Origin, Ed25519Key.Generate())],
            [],
            TimeProvider.System
        );
        var sequencer = new LogSequencer(store, database, signing, new HeldModel(), TimeProvider.System);

        var (log, copy) = (
            new Throughput("events sequenced and signed"),
            new Throughput("baseline: COPY of rows of the same bytes, SHA-256 of each")
        );
        List<string> failures = [];
        for (var round = 0; round < sizes.Rounds; round++)
        {
            await StoreAsync(store, sizes.Events, cancellation);
            await log.MeasureRoundAsync(
                1,
                1,
                async _ =>
                {
                    var run = await sequencer.RunAsync(cancellation);
                    if (run.Appended != sizes.Events)
                        failures.Add($"{run.Appended} of {sizes.Events} events came into the log");
                    return true;
                }
            );
            var rows = await LastAsync(database, sizes.Events, cancellation);
            await copy.MeasureRoundAsync(
                1,
                1,
                async _ =>
                {
                    await CopyAsync(database, rows, cancellation);
                    return true;
                }
            );
        }

        return
        [
            new(
                "Sequencing events into the log",
                ["events per second", "n", "overall", "slowest round", "fastest round"],
                [
                    .. new[] { log, copy }.Select(one =>
                        (IReadOnlyList<string>)
                            [
                                one.What,
                                $"{one.Count * sizes.Events}",
                                PerSecond(one.PerSecond),
                                PerSecond(one.Slowest),
                                PerSecond(one.Fastest),
                            ]
                    ),
                ],
                ["PostgreSQL with fsync; goal 5000 per second on 2 cores."],
                failures
            ),
        ];

        string PerSecond(double rounds) => FormattableString.Invariant($"{rounds * sizes.Events:0}");
    }

    private static async Task StoreAsync(IDocumentStore store, int count, CancellationToken cancellation)
    {
        for (var stored = 0; stored < count; stored += InOneCommit)
        {
            await using var session = store.LightweightSession();
            session.Events.Append(
                ClusterEvent.StreamFor("demo"),
                Enumerable
                    .Range(stored, Math.Min(InOneCommit, count - stored))
                    .Select(
                        object (i) =>
                            new ClusterEvent.StrayBindingRemoved(
                                $"ns-{i}",
                                $"jit-{i}",
                                "ClusterRole/edit",
                                [$"User/person-{i}@example.com"],
                                DateTimeOffset.UnixEpoch.AddSeconds(i)
                            )
                    )
            );
            await session.SaveChangesAsync(cancellation);
        }
    }

    private static async Task<List<byte[][]>> LastAsync(
        NpgsqlDataSource database,
        int count,
        CancellationToken cancellation
    )
    {
        List<byte[][]> rows = [];
        await using var query = database.CreateCommand(
            $"select leaf, data, headers from {EventStore.Schema}.jit_log_leaf order by idx desc limit {count}"
        );
        await using var reader = await query.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add([.. Enumerable.Range(0, 3).Select(reader.GetFieldValue<byte[]>)]);
        return rows;
    }

    private static async Task CopyAsync(NpgsqlDataSource database, List<byte[][]> rows, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using (
            var create = new NpgsqlCommand(
                "create table if not exists copied (leaf bytea, data bytea, headers bytea, hash bytea)",
                connection
            )
        )
            await create.ExecuteNonQueryAsync(cancellation);
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy copied from stdin (format binary)",
            cancellation
        );
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellation);
            foreach (var value in row.Append(SHA256.HashData(row[0])))
                await copy.WriteAsync(value, NpgsqlDbType.Bytea, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }
}
