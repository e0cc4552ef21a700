using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Leaves;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.Benchmarks;

/// <summary>How long an auditor's <c>verify</c> of a whole exported log takes, beside reading and hashing it.</summary>
internal static class RecordVerification
{
    private const string Origin = "benchmark.example.com/log";

    public static async Task<IReadOnlyList<Table>> RunAsync(Sizes sizes, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("jit-record-");
        try
        {
            var policy = await WriteAsync(folder.FullName, sizes.Leaves, cancellation);
            var files = folder.GetFiles("*", SearchOption.AllDirectories);
            List<Row> rows = [new("kubectl jit verify"), new("baseline: read all files, SHA-256")];
            List<string> failures = [];
            for (var round = 0; round < sizes.Rounds; round++)
            {
                await rows[0]
                    .MeasureAsync(async () =>
                    {
                        using var export = ExportSource.Open(folder.FullName);
                        var found = await new ExportVerifier(policy).VerifyAsync(export, cancellation);
                        if (found.Problem is not null || !found.IsComplete || found.Leaves != sizes.Leaves)
                            failures.Add($"verify: {found.Problem?.Reason ?? "not the whole log"}");
                    });
                await rows[1]
                    .MeasureAsync(async () =>
                    {
                        foreach (var file in files)
                        {
                            await using var content = file.OpenRead();
                            await SHA256.HashDataAsync(content, cancellation);
                        }
                    });
            }

            return
            [
                new(
                    $"Verification of an export of {sizes.Leaves:N0} leaves",
                    ["median", "n", "s", "processor s", "leaves/s"],
                    [.. rows.Select(row => row.Cells(sizes.Leaves))],
                    [
                        Invariant($"{files.Sum(file => file.Length) / 1048576.0:0} MiB."),
                        Invariant($"Of the speed of reading and hashing: {rows[1].Seconds / rows[0].Seconds:0.00}."),
                        "Goals: half of that speed, and 20 s at most for a million leaves.",
                    ],
                    failures
                ),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<TlogPolicy> WriteAsync(string folder, int count, CancellationToken cancellation)
    {
        using var ecdsa = new EcdsaNoteSigner(Origin, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var ed25519 = new Ed25519NoteSigner(Origin, Ed25519Key.Generate());
        var tree = new CompactRange();
        foreach (var leaf in Leaves(count))
            tree.Append(TreeHash.Leaf(leaf.Leaf.Span));
        var checkpoint = await SignedCheckpoint.SignAsync(
            new(Origin, count, tree.Root()),
            [ecdsa, ed25519],
            cancellation
        );
        var policy = $"log {ecdsa.Key}\nlog {ed25519.Key}\nquorum none\n";
        await new ExportWriter(new FolderTarget(folder)).WriteAllAsync(
            checkpoint,
            policy,
            Leaves(count).ToAsyncEnumerable(),
            cancellation
        );
        return TlogPolicy.Parse(policy);
    }

    // Twice the same, so that a million of them need not be in memory.
    private static IEnumerable<ExportLeaf> Leaves(int count)
    {
        for (var index = 0; index < count; index++)
        {
            var salt = Sha256Hash.Of(BitConverter.GetBytes(index)).ToArray();
            var data = Redaction.Redact(
                Encoding.UTF8.GetBytes(
                    $$$"""
                    {"at":"2026-11-23T08:52:31.204118Z","by":{"subject":"u-{{{index}}}","username":"bob@example.com"},
                    "comment":"fine, until tonight","scopeHash":"sha256:9f86d081884c7d65","verdict":"approve"}
                    """
                ),
                path => path is "/by/username" or "/comment",
                () => salt[..16]
            );
            var headers = """{"channel":"api","cluster":"demo"}"""u8.ToArray();
            var leaf = new EventLeaf(
                new Guid(salt.AsSpan(0, 16)),
                DateTimeOffset.UnixEpoch.AddSeconds(index),
                $"request-{index / 8}",
                1 + (index % 8),
                index + 1,
                "access_reviewed",
                Sha256Hash.Of(data.Data),
                Sha256Hash.Of(headers)
            );
            yield return new(
                index,
                leaf.ToBytes(),
                data.Data,
                headers,
                [.. data.Disclosures.Select(disclosure => disclosure.Encoded)]
            );
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private sealed record Row(string What)
    {
        private readonly List<(double Seconds, double Processor)> _runs = [];

        public double Seconds => Median(run => run.Seconds);

        public async Task MeasureAsync(Func<Task> work)
        {
            using var self = Process.GetCurrentProcess();
            var (before, watch) = (self.TotalProcessorTime, Stopwatch.StartNew());
            await work();
            self.Refresh();
            _runs.Add((watch.Elapsed.TotalSeconds, (self.TotalProcessorTime - before).TotalSeconds));
        }

        public IReadOnlyList<string> Cells(int leaves) =>
            [
                What,
                _runs.Count.ToString(CultureInfo.InvariantCulture),
                Invariant($"{Seconds:0.00}"),
                Invariant($"{Median(run => run.Processor):0.00}"),
                Invariant($"{leaves / Seconds:0}"),
            ];

        private double Median(Func<(double Seconds, double Processor), double> of) =>
            _runs.Select(of).Order().ElementAt(_runs.Count / 2);
    }
}
