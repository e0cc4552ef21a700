using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tests.Exports;
using JitFunctions.TransparencyLog.Witnessing;

namespace JitFunctions.TransparencyLog.Tests.Witnessing;

public sealed class WitnessStateTests
{
    private static readonly SampleLog Log = SampleLog.Of(40);
    private static readonly VerifierKey[] Keys = [.. SampleLog.Signers.Select(signer => signer.Key)];

    [Theory]
    [InlineData(null, 0, 0, 200)]
    [InlineData(null, 0, 40, 200)]
    [InlineData(0, 0, 23, 200)]
    [InlineData(23, 23, 40, 200)]
    [InlineData(23, 23, 23, 200)]
    [InlineData(null, 1, 40, 409)]
    [InlineData(23, 0, 40, 409)]
    [InlineData(23, 22, 40, 409)]
    [InlineData(23, 24, 40, 409)]
    [InlineData(23, 0, 22, 409)] // a rollback, which tells the size that the log should have
    [InlineData(23, 23, 22, 400)]
    public async Task A_checkpoint_has_to_begin_where_the_latest_ended(int? latest, int old, int size, int status)
    {
        var request = await RequestAsync(Log, old, size);

        var decision = State(latest).Decide(request);

        Assert.Equal(status, decision.Status);
        Assert.Equal(status == 200 ? request.Checkpoint : null, decision.Accepted);
        Assert.Equal(status == 409 ? latest ?? 0 : null, decision.KnownSize);
    }

    [Theory]
    [InlineData(23, 40)]
    [InlineData(23, 23)]
    public async Task A_fork_is_not_cosigned(int old, int size)
    {
        var decision = State(old).Decide(await RequestAsync(SampleLog.Of(size, "fork"), old, size));

        Assert.Equal((422, null), (decision.Status, decision.Accepted));
    }

    [Fact]
    public async Task A_proof_that_is_wrong_too_long_or_missing_is_refused()
    {
        var request = await RequestAsync(Log, 23, 40);
        var first = await RequestAsync(Log, 0, 40);
        var same = await RequestAsync(Log, 23, 23);

        Assert.Equal(422, State(23).Decide(request with { Hashes = [] }).Status);
        Assert.Equal(422, State(23).Decide(request with { Hashes = [.. request.Hashes, default] }).Status);
        Assert.Equal(422, State(23).Decide(request with { Hashes = [.. request.Hashes.Skip(1), default] }).Status);
        Assert.Equal(422, State(null).Decide(first with { Hashes = [default] }).Status);
        Assert.Equal(422, State(23).Decide(same with { Hashes = [default] }).Status);
    }

    [Fact]
    public async Task A_tree_without_leaves_has_one_root()
    {
        var checkpoint = await SampleLog.SignAsync(default, 0, SampleLog.Signers);

        Assert.Equal(422, State(null).Decide(new(0, [], checkpoint)).Status);
    }

    [Fact]
    public async Task Only_the_keys_of_a_known_log_are_heard()
    {
        var stranger = new Ed25519NoteSigner(SampleLog.Origin, Ed25519Key.Generate());
        var unsigned = await SampleLog.SignAsync(Log.Tree.Root(), 40, [stranger]);
        var other = new Ed25519NoteSigner("other.example.com", Ed25519Key.Generate());
        var request = await RequestAsync(Log, 0, 40);
        var signatures = request.Checkpoint.Note.Signatures.ToList();
        signatures[1] = signatures[1] with { Signature = new byte[64] };
        var wrong = request.Checkpoint with { Note = request.Checkpoint.Note with { Signatures = signatures } };

        Assert.Equal(403, State(null).Decide(new(0, [], unsigned)).Status);
        Assert.Equal(403, State(null).Decide(new(0, [], wrong)).Status);
        Assert.Equal(404, new WitnessState([other.Key], null).Decide(request).Status);
        Assert.Equal(404, new WitnessState([], null).Decide(request).Status);
    }

    private static WitnessState State(int? latest) =>
        new(Keys, latest is { } size ? new(SampleLog.Origin, size, Log.Tree.Root(size)) : null);

    private static async Task<ConsistencyFile> RequestAsync(SampleLog log, int old, int size) =>
        new(old, old <= size ? log.Tree.ProveConsistency(old, size) : [], await log.CheckpointAsync(size));
}
