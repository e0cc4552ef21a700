using System.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tests.Exports;
using JitFunctions.TransparencyLog.Witnessing;

namespace JitFunctions.TransparencyLog.Tests.Witnessing;

public sealed class WitnessTests : IDisposable
{
    private static readonly SampleLog Log = SampleLog.Of(40);
    private static readonly Ed25519Key Key = Ed25519Key.Generate();

    private readonly string _path = Directory.CreateTempSubdirectory("witness-").FullName;

    private string StateFile => Path.Combine(_path, WitnessFolder.NameOf(SampleLog.Origin), "checkpoint");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task What_was_cosigned_is_remembered_after_a_restart()
    {
        using (var folder = new WitnessFolder(_path))
            Assert.Equal(200, (await AddAsync(Of(folder), 0, 23)).Status);

        using (var folder = new WitnessFolder(_path))
        {
            var witness = Of(folder);
            Assert.Equal(409, (await AddAsync(witness, 0, 40)).Status);
            Assert.Equal(422, (await AddAsync(witness, 23, 40, SampleLog.Of(40, "fork"))).Status);
            Assert.Equal(200, (await AddAsync(witness, 23, 40)).Status);
            Assert.Equal(40, witness.Latest(WitnessFolder.NameOf(SampleLog.Origin))!.Checkpoint.Size);
            Assert.Null(witness.Latest(WitnessFolder.NameOf("other.example.com")));
        }
    }

    [Fact]
    public async Task The_answer_is_a_cosignature_of_now_that_the_log_can_add()
    {
        using var folder = new WitnessFolder(_path);
        var witness = Of(folder);
        var request = await RequestAsync(0, 40, Log);

        var (_, cosignature) = witness.AddCheckpoint(Encoding.UTF8.GetBytes(request.ToString()));

        var checkpoint = SignedCheckpoint.Parse(
            request.Checkpoint.With(NoteSignature.Parse(cosignature!.ToString())).ToString()
        );
        var policy = TlogPolicy.Parse($"log {SampleLog.Signers[0].Key}\nwitness w {witness.Key}\nquorum w\n");
        var cosigned = policy.Verify(checkpoint).Signatures.Single(one => one.CosignedAt is not null);
        Assert.InRange(
            cosigned.CosignedAt!.Value,
            DateTimeOffset.UnixEpoch.AddYears(50),
            TimeProvider.System.GetUtcNow()
        );
        Assert.True(policy.Verify(SignedCheckpoint.Parse(await File.ReadAllBytesAsync(StateFile, Cancel))).IsTrusted);
    }

    /// <summary>Of many requests at once that begin at the same size, only one may be cosigned.</summary>
    [Fact]
    public async Task Two_requests_at_once_never_both_continue_the_same_checkpoint()
    {
        using var folder = new WitnessFolder(_path);
        var witness = Of(folder);
        Assert.Equal(200, (await AddAsync(witness, 0, 3)).Status);
        var bodies = await Task.WhenAll(
            Enumerable.Range(4, 20).Select(async size => (await RequestAsync(3, size, Log)).ToString())
        );

        var answers = await Task.WhenAll(
            bodies.Select(body => Task.Run(() => witness.AddCheckpoint(Encoding.UTF8.GetBytes(body)).Decision.Status))
        );

        Assert.Equal(1, answers.Count(status => status == 200));
        Assert.Equal(19, answers.Count(status => status == 409));
    }

    [Fact]
    public async Task What_cannot_be_stored_is_not_signed()
    {
        using var folder = new WitnessFolder(_path);
        Directory.CreateDirectory($"{StateFile}.new"); // where the file is written first

        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(Of(folder), 0, 23));
        Directory.Delete($"{StateFile}.new");

        Assert.Equal(200, (await AddAsync(Of(folder), 0, 40)).Status);
    }

    [Fact]
    public async Task A_damaged_state_is_not_taken_for_no_state()
    {
        using var folder = new WitnessFolder(_path);
        Assert.Equal(200, (await AddAsync(Of(folder), 0, 23)).Status);
        await File.WriteAllTextAsync(StateFile, "", Cancel);

        await Assert.ThrowsAsync<FormatException>(() => AddAsync(Of(folder), 0, 40));
    }

    [Fact]
    public void A_folder_is_for_one_process()
    {
        using var folder = new WitnessFolder(_path);

        Assert.Throws<IOException>(() => new WitnessFolder(_path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("old 0\n")]
    [InlineData("old 0\n\nnot a checkpoint\n")]
    [InlineData("old 00\n\nlog\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log AAAAAAE=\n")]
    [InlineData("old -1\n\nlog\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log AAAAAAE=\n")]
    [InlineData("size 0\n\nlog\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log AAAAAAE=\n")]
    [InlineData("old 1\nAAAA\n\nlog\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log AAAAAAE=\n")]
    public void What_is_not_a_request_is_a_bad_one(string body)
    {
        using var folder = new WitnessFolder(_path);

        Assert.Equal(400, Of(folder).AddCheckpoint(Encoding.UTF8.GetBytes(body)).Decision.Status);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Witness Of(WitnessFolder folder) =>
        new(new("w.example.com", Key), [.. SampleLog.Signers.Select(one => one.Key)], folder, TimeProvider.System);

    private static async Task<WitnessDecision> AddAsync(Witness witness, int old, int size, SampleLog? log = null) =>
        witness.AddCheckpoint(Encoding.UTF8.GetBytes((await RequestAsync(old, size, log ?? Log)).ToString())).Decision;

    private static async Task<ConsistencyFile> RequestAsync(int old, int size, SampleLog log) =>
        new(old, log.Tree.ProveConsistency(old, size), await log.CheckpointAsync(size));
}
