using System.Net;
using System.Net.Http.Headers;
using JitFunctions.LocalStack;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Tiles;

namespace JitFunctions.EndToEnd.Tests.Http;

/// <summary>The transparency log, as auditors and requesters get it.</summary>
public sealed class LogTests(PlatformFixture fixture)
{
    private readonly Team _team = Team.WithoutNamespace(fixture.Platform);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_in_a_signed_and_published_checkpoint_soon()
    {
        var before = await SizeAsync();
        await _team.AskAsync();

        var checkpoint = await Eventually.Async(
            CheckpointAsync,
            newest => newest?.Checkpoint.Size > before,
            "the event is in a checkpoint"
        );

        var policy = TlogPolicy.Parse(await File.ReadAllTextAsync(_team.Platform.Log.Policy, Cancellation));
        Assert.Equal(2, policy.Verify(checkpoint!).Signatures.Count);
        Assert.Each(
            Directory.GetFiles(_team.Platform.Log.Checkpoints, $"*{checkpoint!.Checkpoint.Size}.checkpoint"),
            file => Assert.Equal(checkpoint.ToString(), File.ReadAllText(file))
        );
    }

    [Fact]
    public async Task The_tiles_are_those_of_the_checkpoint_and_a_proof_leads_to_it()
    {
        await InLogAsync(await _team.AskAsync());
        var earlier = (await CheckpointAsync())!;
        await InLogAsync(await _team.AskAsync());
        var newest = (await CheckpointAsync())!;

        var tree = new MerkleTree();
        foreach (var tile in TileId.Of(newest.Checkpoint.Size).Where(tile => tile.Level is null))
        {
            foreach (var entry in EntryBundle.Parse(await BytesAsync(tile)))
                tree.Append(TreeHash.Leaf(entry.Span));
        }

        Assert.Equal(newest.Checkpoint.Root, tree.Root());
        foreach (var tile in TileId.Of(newest.Checkpoint.Size).Where(tile => tile.Level == 0))
        {
            var hashes = Enumerable
                .Range(0, tile.Width)
                .SelectMany(leaf => tree.HashOf(new(0, (tile.Index * TileId.FullWidth) + leaf)).ToArray());
            Assert.Equal(hashes, await BytesAsync(tile));
        }

        var (from, to) = (earlier.Checkpoint, newest.Checkpoint);
        var answer = await _team.As(_team.Auditor).GetAsync($"/api/log/consistency?from={from.Size}&to={to.Size}");
        var proof = ConsistencyFile.Parse(answer.Expect(HttpStatusCode.OK).Text);
        Assert.True(ConsistencyProof.Verify(from.Size, from.Root, to.Size, to.Root, proof.Hashes));
    }

    [Fact]
    public async Task A_requester_proves_what_the_record_has_about_the_request_and_an_auditor_all_of_it()
    {
        var id = await _team.AskAsync();
        await InLogAsync(id);
        var folder = Directory.CreateTempSubdirectory("jit-export-");
        try
        {
            foreach (var (person, arguments) in new[] { (_team.Alice, (string[])[id]), (_team.Auditor, []) })
            {
                var file = Path.Combine(folder.FullName, $"{person.Name}.zip");
                (await PluginAsync(person, ["export", .. arguments, "-f", file])).OrThrow("export");
                var verified = await PluginAsync(person, ["verify", file, "--policy", _team.Platform.Log.Policy]);
                Assert.Equal((0, ""), (verified.ExitCode, verified.StdErr));
                Assert.Contains(arguments is [] ? "the whole log" : "1 of ", verified.StdOut, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("tile/0/000.p/1")]
    [InlineData("tile/entries/000.p/1")]
    [InlineData("consistency?from=1")]
    [InlineData("export")]
    public async Task Only_auditors_read_the_log(string path) =>
        (await _team.As(_team.Alice).GetAsync($"/api/log/{path}")).ExpectProblem(403, "not-allowed");

    [Fact]
    public async Task Who_may_not_see_a_request_gets_no_proof_of_it() =>
        (await _team.As(_team.Stranger).GetAsync($"/api/requests/{await _team.AskAsync()}/proof")).ExpectProblem(
            404,
            "not-found"
        );

    [Theory]
    [InlineData("tile/0/999", 404, "not-found")]
    [InlineData("tile/0/x000/000", 404, "not-found")]
    [InlineData("tile/9/000", 404, "not-found")]
    [InlineData("tile/0/000.p/256", 404, "not-found")]
    [InlineData("tile/", 404, "not-found")]
    [InlineData("consistency?from=99999999", 404, "not-found")]
    [InlineData("consistency?to=0", 400, "invalid-query")]
    [InlineData("consistency?from=-1", 400, "invalid-query")]
    [InlineData("checkpoint?x=1", 400, "invalid-query")]
    [InlineData("export?from=1", 400, "invalid-query")]
    public async Task What_is_not_there_is_a_problem(string path, int status, string code)
    {
        await InLogAsync(await _team.AskAsync());
        (await _team.As(_team.Auditor).GetAsync($"/api/log/{path}")).ExpectProblem(status, code);
    }

    private async Task<SignedCheckpoint?> CheckpointAsync()
    {
        var answer = await _team.As(_team.Auditor).GetAsync("/api/log/checkpoint");
        if (answer.Status is HttpStatusCode.NotFound)
            return null; // nothing is signed yet
        Assert.Equal("text/plain", answer.Expect(HttpStatusCode.OK).MediaType);
        return SignedCheckpoint.Parse(answer.Text);
    }

    private async Task<long> SizeAsync() => (await CheckpointAsync())?.Checkpoint.Size ?? 0;

    /// <summary>Waits until the log has the first event of the request.</summary>
    private Task InLogAsync(string id) =>
        Eventually.Async(
            async () =>
                (await _team.As(_team.Auditor).GetAsync($"/api/requests/{id}/proof"))
                    is { Status: HttpStatusCode.OK } zip
                && zip.Text.Contains("proofs/", StringComparison.Ordinal),
            isThere => isThere,
            "the request is in the log"
        );

    private async Task<byte[]> BytesAsync(TileId tile)
    {
        using var client = new HttpClient { BaseAddress = _team.Platform.Host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            _team.Platform.Issuer.IssueToken(_team.Auditor)
        );
        return await client.GetByteArrayAsync(new Uri($"api/log/{tile.Path()}", UriKind.Relative), Cancellation);
    }

    private Task<Command> PluginAsync(Person person, params IEnumerable<string> arguments) =>
        Command.RunAsync(
            Path.Combine(LocalPlatform.PluginFolder, "kubectl-jit"),
            arguments,
            new Dictionary<string, string?>
            {
                ["JIT_SERVER"] = _team.Platform.Host.Address.OriginalString,
                ["JIT_TOKEN"] = _team.Platform.Issuer.IssueToken(person),
            },
            cancellation: Cancellation
        );
}
