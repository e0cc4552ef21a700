using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Tests.Exports;
using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.TransparencyLog.Tests.Verification;

public sealed class ExportVerifierTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(700)]
    public async Task A_whole_log_is_proven_and_what_was_erased_is_counted(int size)
    {
        var log = SampleLog.Of(size);

        var verification = await VerifyAsync(await log.ExportAllAsync());

        Assert.Null(verification.Problem);
        Assert.Equal((size, true), (verification.Leaves, verification.IsComplete));
        // Of each event three members could be erased, and of every third two were.
        var erased = 2 * (size / 3);
        Assert.Equal((erased, (3 * size) - erased), (verification.Erased, verification.Disclosed));
        Assert.Equal(
            [SignatureType.Ecdsa, SignatureType.Ed25519, SignatureType.Cosignature],
            verification.Signatures.Select(one => one.Key.Type)
        );
        Assert.Equal(SampleLog.Start.AddHours(1), verification.Signatures[2].CosignedAt);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(40)]
    public async Task A_log_that_goes_on_is_consistent_with_an_earlier_checkpoint(int size)
    {
        var log = SampleLog.Of(40);
        var known = await log.CheckpointAsync(size);

        Assert.Equal(size, (await VerifyAsync(await log.ExportAllAsync(), known)).ConsistentWith);
        Assert.Equal(size, (await VerifyAsync(await log.ExportSomeAsync([1, 5, 39], size), known)).ConsistentWith);
    }

    [Fact]
    public async Task Some_leaves_are_proven_but_are_not_all()
    {
        var log = SampleLog.Of(40);

        var verification = await VerifyAsync(await log.ExportSomeAsync([0, 5, 6, 39]));

        Assert.Null(verification.Problem);
        Assert.Equal((4, false), (verification.Leaves, verification.IsComplete));
    }

    [Fact]
    public async Task An_older_copy_of_a_log_is_told_by_the_checkpoint_that_somebody_kept()
    {
        var (older, newer) = (SampleLog.Of(30), SampleLog.Of(40));

        var verification = await VerifyAsync(await older.ExportAllAsync(), await newer.CheckpointAsync());

        Assert.Equal(
            new(ExportProblemKind.RolledBack, 30, "the log had 40 leaves before, and has only 30 in this export"),
            verification.Problem
        );
        Assert.True((await VerifyAsync(await older.ExportAllAsync())).IsValid); // which nothing else can tell
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(30, 40)]
    public async Task A_fork_is_told_by_the_checkpoint_that_somebody_kept(int known, int size)
    {
        var fork = SampleLog.Of(size, "x");
        var kept = await SampleLog.Of(known).CheckpointAsync();

        Assert.True((await VerifyAsync(await fork.ExportAllAsync())).IsValid);
        Assert.Equal(ExportProblemKind.Forked, (await VerifyAsync(await fork.ExportAllAsync(), kept)).Problem!.Kind);
        Assert.Equal(
            ExportProblemKind.Forked,
            (await VerifyAsync(await fork.ExportSomeAsync([3], known), kept)).Problem!.Kind
        );
    }

    [Fact]
    public async Task Some_leaves_without_the_consistency_proof_that_is_needed_prove_nothing_about_the_past()
    {
        var log = SampleLog.Of(40);
        var known = await log.CheckpointAsync(20);

        var without = await VerifyAsync(await log.ExportSomeAsync([3]), known);
        var another = await VerifyAsync(await log.ExportSomeAsync([3], 19), known);

        Assert.Contains("no consistency proof from 20 leaves on", without.Problem!.Reason, StringComparison.Ordinal);
        Assert.Contains("is not from 20 leaves", another.Problem!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_to_compare_with_needs_the_signature_of_the_same_log()
    {
        var log = SampleLog.Of(4);
        var signer = new Ed25519NoteSigner(SampleLog.Origin, Ed25519Key.Generate());
        var forged = await SampleLog.SignAsync(log.Tree.Root(2), 2, [signer]);
        var other = await SignedCheckpoint.SignAsync(
            new("other.example.com", 2, log.Tree.Root(2)),
            [new Ed25519NoteSigner("other.example.com", Ed25519Key.Generate())],
            Cancel
        );

        Assert.Equal(
            ExportProblemKind.Checkpoint,
            (await VerifyAsync(await log.ExportAllAsync(), forged)).Problem!.Kind
        );
        Assert.Equal(
            ExportProblemKind.Checkpoint,
            (await VerifyAsync(await log.ExportAllAsync(), other)).Problem!.Kind
        );
    }

    [Fact]
    public async Task The_policy_in_the_export_is_not_a_reason_to_trust_it()
    {
        var export = await SampleLog.Of(4).ExportAllAsync();
        var signer = new Ed25519NoteSigner(SampleLog.Origin, Ed25519Key.Generate());
        var forged = await SignedCheckpoint.SignAsync(
            new(SampleLog.Origin, 4, SampleLog.Of(4).Tree.Root()),
            [signer],
            Cancel
        );
        export.Files[ExportFiles.Checkpoint] = Encoding.UTF8.GetBytes(forged.ToString());
        export.Files[ExportFiles.Policy] = Encoding.UTF8.GetBytes($"log {signer.Key}\nquorum none\n");

        Assert.Equal(ExportProblemKind.Checkpoint, (await VerifyAsync(export)).Problem!.Kind);
    }

    [Fact]
    public async Task A_row_that_agrees_with_itself_still_has_to_be_in_the_tree()
    {
        var export = await SampleLog.Of(40).ExportAllAsync();
        var fork = await SampleLog.Of(40, "x").ExportAllAsync();
        var (rows, others) = (Rows(export), Rows(fork));
        export.Files[ExportFiles.Leaves] = Encoding.UTF8.GetBytes(string.Join('\n', [.. rows[..7], .. others[7..]]));

        Assert.Equal(
            new(ExportProblemKind.Root, 7, "the leaf is not the one of the checkpoint"),
            (await VerifyAsync(export)).Problem
        );

        // Who changes the hashes too is found as well, but not the place.
        export.Files[ExportFiles.Hashes] = fork.Files[ExportFiles.Hashes];
        var problem = (await VerifyAsync(export)).Problem!;
        Assert.Equal((ExportProblemKind.Root, null), (problem.Kind, problem.Index));
        export.Files.Remove(ExportFiles.Hashes);
        Assert.Equal(problem, (await VerifyAsync(export)).Problem);

        static string[] Rows(MemoryExport export) =>
            Encoding.UTF8.GetString(export.Files[ExportFiles.Leaves]).Split('\n');
    }

    [Theory]
    [InlineData(-32)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(32)]
    public async Task Hashes_of_another_number_of_leaves_are_refused(int more)
    {
        var export = await SampleLog.Of(40).ExportAllAsync();
        var hashes = export.Files[ExportFiles.Hashes];
        Array.Resize(ref hashes, hashes.Length + more);
        export.Files[ExportFiles.Hashes] = hashes;

        Assert.Equal(ExportProblemKind.Form, (await VerifyAsync(export)).Problem!.Kind);
    }

    [Theory]
    [InlineData(ExportFiles.Checkpoint)]
    [InlineData(ExportFiles.Leaves)]
    public async Task A_file_that_is_missing_is_named(string file)
    {
        var export = await SampleLog.Of(4).ExportAllAsync();
        export.Files.Remove(file);

        var problem = (await VerifyAsync(export)).Problem!;

        Assert.Equal((ExportProblemKind.Form, $"The export has no file '{file}'"), (problem.Kind, problem.Reason));
    }

    [Fact]
    public async Task Proofs_of_leaves_that_the_export_has_not_and_missing_ones_are_told()
    {
        var log = SampleLog.Of(40);
        var missing = await log.ExportSomeAsync([3, 5]);
        missing.Files.Remove("proofs/5.tlog-proof");
        var extra = await log.ExportSomeAsync([3, 5]);
        extra.Files["proofs/6.tlog-proof"] = extra.Files["proofs/5.tlog-proof"];
        var renamed = await log.ExportSomeAsync([3, 5]);
        renamed.Files["proofs/05.tlog-proof"] = renamed.Files["proofs/5.tlog-proof"];

        Assert.Equal((ExportProblemKind.Proof, 5L), await FirstAsync(missing));
        Assert.Equal((ExportProblemKind.Missing, 6L), await FirstAsync(extra));
        Assert.Equal((ExportProblemKind.Form, null), await FirstAsync(renamed));

        async Task<(ExportProblemKind, long?)> FirstAsync(MemoryExport export) =>
            (await VerifyAsync(export)).Problem is { } problem ? (problem.Kind, problem.Index) : default;
    }

    [Fact]
    public async Task A_folder_and_a_zip_archive_are_read_alike()
    {
        var log = SampleLog.Of(300);
        var folder = Directory.CreateTempSubdirectory("export-").FullName;
        try
        {
            await WriteAsync(new FolderTarget(Path.Combine(folder, "files")));
            using var zip = new MemoryStream();
            await using (var target = await ZipTarget.CreateAsync(zip, Cancel))
                await WriteAsync(target);
            await File.WriteAllBytesAsync(Path.Combine(folder, "export.zip"), zip.ToArray(), Cancel);

            foreach (var path in new[] { "files", "export.zip" })
            {
                using var export = ExportSource.Open(Path.Combine(folder, path));
                var verification = await new ExportVerifier(SampleLog.Policy).VerifyAsync(export, Cancel);
                Assert.Null(verification.Problem);
                Assert.Equal(300, verification.Leaves);
            }

            Assert.Throws<FormatException>(() => ExportSource.Open(Path.Combine(folder, "files", "policy")));
            Assert.Throws<FileNotFoundException>(() => ExportSource.Open(Path.Combine(folder, "missing")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        async Task WriteAsync(IExportTarget target) =>
            await new ExportWriter(target).WriteAllAsync(
                await log.CheckpointAsync(),
                SampleLog.PolicyText,
                log.Leaves.ToAsyncEnumerable(),
                cancellation: Cancel
            );
    }

    [Fact]
    public async Task An_archive_with_two_files_of_one_name_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(path))
            await using (var target = await ZipTarget.CreateAsync(file, Cancel))
            {
                for (var i = 0; i < 2; i++)
                    await (await target.CreateAsync(ExportFiles.Checkpoint, Cancel)).DisposeAsync();
            }

            Assert.Throws<FormatException>(() => ExportSource.Open(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_writer_refuses_what_could_not_be_verified()
    {
        var log = SampleLog.Of(4);
        var (writer, checkpoint) = (new ExportWriter(new MemoryExport()), await log.CheckpointAsync());

        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(log.Leaves.Skip(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(log.Leaves.Take(3)));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAsync(SampleLog.Of(5).Leaves));
        await Assert.ThrowsAsync<ArgumentException>(() => log.ExportSomeAsync([2, 1]));
        await Assert.ThrowsAsync<ArgumentException>(() => log.ExportSomeAsync([1, 1]));

        Task WriteAsync(IEnumerable<ExportLeaf> leaves) =>
            writer.WriteAllAsync(checkpoint, "", leaves.ToAsyncEnumerable(), cancellation: Cancel);
    }

    private static Task<ExportVerification> VerifyAsync(MemoryExport export, SignedCheckpoint? known = null) =>
        new ExportVerifier(SampleLog.Policy, known).VerifyAsync(export, Cancel);
}
