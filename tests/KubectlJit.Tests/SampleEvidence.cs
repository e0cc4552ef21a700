using System.Text;
using JitFunctions.Domain.Evidence;
using JitFunctions.EvidenceFiles;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Disclosures;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Leaves;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Notes;
using JitFunctions.TransparencyLog.Proofs;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>
/// A log with some requests, and the evidence of October: <c>long</c> began before and is in it, <c>early</c> was over,
/// <c>late</c> is of November.
/// </summary>
internal sealed class SampleEvidence
{
    private static readonly DateTimeOffset October = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Ed25519NoteSigner _signer = new("log.example.com/jit", Ed25519Key.Generate());
    private readonly List<ExportLeaf> _leaves = [];
    private readonly MerkleTree _tree = new();

    public SampleEvidence()
    {
        Add("long", -3, "access_requested", Asked("alice"));
        Add("early", -2, "access_requested", Asked("alice"));
        Add("early", -1, "request_denied", "{}");
        for (var i = 0; i < 3; i++)
        {
            Add($"grant{i}", i, "access_requested", Asked("alice"));
            Add($"grant{i}", i, "request_reviewed", Reviewed(i == 1 ? "alice" : "bob"));
            Add($"grant{i}", i, "request_approved", """{"automatic":false}""");
        }

        Add("cluster-demo", 5, "stray_binding_removed", """{"name":"jit-000000000000","role":"ClusterRole/edit"}""");
        Add("late", 32, "access_requested", Asked("alice"));
    }

    public static EvidencePeriod Period => new(October, October.AddMonths(1));

    public string Policy => $"log {_signer.Key}\nquorum none\n";

    public async Task WriteAsync(IExportTarget target)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var checkpoint = await SignedCheckpoint.SignAsync(
            new("log.example.com/jit", _tree.Size, _tree.Root(_tree.Size)),
            [_signer],
            cancellation
        );
        var byRequest = _leaves
            .GroupBy(leaf => EventLeaf.Parse(leaf.Leaf).Stream)
            .Where(stream => stream.Key != "cluster-demo")
            .Select(stream => (IReadOnlyList<ExportLeaf>)[.. stream]);
        await new EvidenceWriter(target, Period).WriteAsync(
            checkpoint,
            Policy,
            EventLeaf.Parse(_leaves[^1].Leaf).At,
            new(
                _leaves.ToAsyncEnumerable(),
                byRequest.ToAsyncEnumerable(),
                _leaves.Where(leaf => EventLeaf.Parse(leaf.Leaf).Stream == "cluster-demo").ToAsyncEnumerable(),
                (indexes, _) =>
                    Task.FromResult<IReadOnlyList<TlogProof>>([
                        .. indexes.Select(index => new TlogProof(
                            index,
                            _tree.ProveInclusion((int)index, _tree.Size),
                            checkpoint
                        )),
                    ])
            ),
            cancellation
        );
    }

    private static string Asked(string who) =>
        $$$"""
            {"requester":{"subject":"i#{{{who}}}","username":"{{{who}}}"},"terms":{"scope":{"cluster":"demo",
            "namespaces":["payments"],"clusterWide":false,"role":{"kind":"ClusterRole","name":"edit"}},
            "duration":"01:00:00","reason":"why","breakGlass":false},"policy":{"name":"p","version":"v",
            "requiredApprovals":1},"scopeHash":"h"}
            """;

    private static string Reviewed(string who) =>
        $$$"""{"by":{"subject":"i#{{{who}}}","username":"{{{who}}}"},"verdict":"approve","scopeHash":"h"}""";

    private void Add(string stream, int day, string type, string data)
    {
        var salt = 0;
        var redacted = Redaction.Redact(
            Encoding.UTF8.GetBytes(data),
            path => path.EndsWith("/username", StringComparison.Ordinal),
            () => Enumerable.Repeat((byte)salt++, Disclosure.SaltLength).ToArray()
        );
        var headers = "{\"headers\":{\"channel\":\"api\"}}"u8.ToArray();
        var leaf = new EventLeaf(
            Guid.CreateVersion7(October.AddMinutes(_leaves.Count)),
            October.AddDays(day),
            stream,
            1 + _leaves.Count(one => EventLeaf.Parse(one.Leaf).Stream == stream),
            _leaves.Count,
            type,
            Sha256Hash.Of(redacted.Data),
            Sha256Hash.Of(headers)
        );
        _leaves.Add(
            new(
                _leaves.Count,
                leaf.ToBytes(),
                redacted.Data,
                headers,
                [.. redacted.Disclosures.Select(one => one.Encoded)]
            )
        );
        _tree.Append(TreeHash.Leaf(_leaves[^1].Leaf.Span));
    }
}
