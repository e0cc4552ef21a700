using System.Security.Cryptography;
using System.Text;
using JitFunctions.Domain.Evidence;
using JitFunctions.Domain.Text;
using JitFunctions.TransparencyLog.Checkpoints;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Hashing;
using JitFunctions.TransparencyLog.Merkle;
using JitFunctions.TransparencyLog.Proofs;
using JitFunctions.TransparencyLog.Verification;

namespace JitFunctions.EvidenceFiles;

/// <summary>
/// Verifies an evidence archive offline: the log in it, and that population, exceptions and events are those that
/// follow from the leaves of that log. It keeps about a kilobyte for each request of the log.
/// </summary>
/// <param name="policy">Whom the auditor trusts. It must not come from the archive.</param>
/// <param name="known">An earlier checkpoint that the auditor kept.</param>
public sealed class EvidenceVerifier(TlogPolicy policy, SignedCheckpoint? known = null)
{
    private const int MostProblems = 100;

    /// <summary>Whether it is an evidence archive, or what is left of one, and not only an export of the log.</summary>
    public static bool IsEvidence(ExportSource export) =>
        export.Names.Any(name =>
            name
                is EvidenceNames.About
                    or EvidenceNames.Population
                    or EvidenceNames.Exceptions
                    or EvidenceNames.ControlsTable
            || name.StartsWith(EvidenceNames.Grants, StringComparison.Ordinal)
        );

    /// <exception cref="IOException">The archive cannot be read.</exception>
    public async Task<EvidenceVerification> VerifyAsync(ExportSource export, CancellationToken cancellation = default)
    {
        var log = await new ExportVerifier(policy, known).VerifyAsync(export, cancellation);
        if (!log.IsValid)
            return new(log, null, []);
        if (!log.IsComplete)
        {
            return new(
                log,
                null,
                [new(EvidenceProblemKind.Form, ExportFiles.Leaves, "the archive does not have the whole log")]
            );
        }

        EvidenceAbout? about = null;
        try
        {
            about = EvidenceAbout.Parse(
                await TextAsync(export, EvidenceNames.About, cancellation) ?? throw NoFile(EvidenceNames.About)
            );
            return await new Run(export, log, about).VerifyAsync(cancellation);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return new(log, about, [new(EvidenceProblemKind.Form, EvidenceNames.About, e.Message.TrimEnd('.'))]);
        }
    }

    private static FormatException NoFile(string name) => new($"The archive has no file '{name}'.");

    private static async Task<string?> TextAsync(ExportSource export, string name, CancellationToken cancellation)
    {
        if (export.TryOpen(name) is not { } stream)
            return null;
        using var reader = new StreamReader(
            stream,
            new UTF8Encoding(false, throwOnInvalidBytes: true),
            detectEncodingFromByteOrderMarks: false
        );
        try
        {
            return await reader.ReadToEndAsync(cancellation);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException($"The file '{name}' is not UTF-8.", e);
        }
    }

    /// <summary>What a leaf has to look like in the folder of its request.</summary>
    private readonly record struct ExpectedEvent(long Index, Sha256Hash Leaf, Sha256Hash Line);

    private sealed class Seen(RequestEvidence evidence)
    {
        public RequestEvidence Evidence => evidence;

        public List<ExpectedEvent> Events { get; } = [];
    }

    private sealed class Run(ExportSource export, ExportVerification log, EvidenceAbout about)
    {
        private readonly Dictionary<string, Seen> _requests = new(StringComparer.Ordinal);
        private readonly List<Seen> _inOrder = [];
        private readonly List<ExceptionRow> _ofClusters = [];
        private readonly List<EvidenceProblem> _problems = [];
        private readonly string _origin = log.Checkpoint!.Origin;
        private DateTimeOffset _asOf;
        private long _proofs;

        public async Task<EvidenceVerification> VerifyAsync(CancellationToken cancellation)
        {
            await ReadLeavesAsync(cancellation);
            var requests = _inOrder.Where(seen => seen.Evidence.IsInPopulation).ToList();
            var exceptions = requests.ToDictionary(seen => seen, seen => seen.Evidence.Exceptions(_asOf));
            var ofLog = requests.SelectMany(seen => exceptions[seen]).Concat(_ofClusters).ToList();

            CompareAbout(requests.Count, ofLog.Count);
            await CompareAsync(
                EvidenceNames.Population,
                Population.Columns,
                [.. requests.Select(seen => Population.Line(seen.Evidence, exceptions[seen]))],
                row => $"request {row[0]}",
                cancellation
            );
            await CompareAsync(
                EvidenceNames.Exceptions,
                ExceptionRow.Columns,
                [.. ofLog.Select(one => one.Line())],
                row => string.Join(' ', row.Take(4).Where(cell => cell.Length > 0)),
                cancellation
            );
            foreach (var seen in requests)
                await FolderAsync(seen, cancellation);
            FindAdded(requests);
            return new(log, about, [.. _problems.Take(MostProblems)])
            {
                Requests = requests.Count,
                Exceptions = ofLog.Count,
                Proofs = _proofs,
            };
        }

        private async Task ReadLeavesAsync(CancellationToken cancellation)
        {
            await foreach (var row in export.ReadLeavesAsync(cancellation))
            {
                using var read = LeafEvent.Read(row);
                _asOf = read.Leaf.At;
                if (read.Leaf.Type == FactNames.Requested && !_requests.ContainsKey(read.Leaf.Stream))
                {
                    var first = new Seen(new(read.Leaf.Stream, about.Period));
                    _requests.Add(read.Leaf.Stream, first);
                    _inOrder.Add(first);
                }

                if (_requests.GetValueOrDefault(read.Leaf.Stream) is { } seen)
                {
                    seen.Evidence.Take(read.Fact);
                    seen.Events.Add(new(row.Index, TreeHash.Leaf(row.Leaf.Span), Sha256Hash.Of(read.ToLine(_origin))));
                }
                else if (ClusterEvidence.Of(read.Fact, about.Period) is { } one)
                {
                    _ofClusters.Add(one);
                }
            }
        }

        private void CompareAbout(long requests, long exceptions)
        {
            if (
                about.Origin != _origin
                || about.Leaves != log.Checkpoint!.Size
                || about.AsOf != _asOf
                || about.Requests != requests
                || about.Exceptions != exceptions
            )
            {
                Add(
                    EvidenceProblemKind.Changed,
                    EvidenceNames.About,
                    $"it does not say what follows from the log: {requests} requests until {EvidencePeriod.Text(_asOf)}"
                );
            }
        }

        private async Task CompareAsync(
            string file,
            IReadOnlyList<string> columns,
            IReadOnlyList<string> expected,
            Func<IReadOnlyList<string>, string> keyOf,
            CancellationToken cancellation
        )
        {
            if (await TextAsync(export, file, cancellation) is not { } text)
            {
                Add(EvidenceProblemKind.Form, file, "the file is missing");
                return;
            }

            if (text.Length == 0)
            {
                Add(EvidenceProblemKind.Form, file, "the file is empty");
                return;
            }

            List<IReadOnlyList<string>> rows;
            try
            {
                rows = [.. Csv.Read(new StringReader(text))];
            }
            catch (FormatException e)
            {
                Add(EvidenceProblemKind.Form, file, e.Message.TrimEnd('.'));
                return;
            }

            var before = _problems.Count;
            foreach (var problem in new RowComparison(file, columns).Compare(expected, rows, keyOf))
                Add(problem.Kind, problem.File, problem.Reason);
            // The rows are right, and still the file may have them in another order, or spelled in another way.
            var whole = string.Concat([Csv.Line(columns), .. expected]);
            if (_problems.Count == before && whole != text)
                Add(EvidenceProblemKind.Form, file, "the rows are not in the order or the form of an archive");
        }

        private async Task FolderAsync(Seen seen, CancellationToken cancellation)
        {
            var id = seen.Evidence.Id;
            var file = EvidenceNames.Of(id, EvidenceNames.Events);
            if (export.TryOpen(file) is not { } stream)
            {
                Add(EvidenceProblemKind.Missing, file, $"the log has events of request {id}, and the file is missing");
                return;
            }

            await using (stream)
            {
                await EventsAsync(seen, file, stream, cancellation);
            }

            foreach (var expected in seen.Events)
            {
                var name = EvidenceNames.ProofOf(id, expected.Index);
                if (await ProofAsync(name, expected, cancellation) is { } reason)
                    Add(EvidenceProblemKind.Proof, name, reason);
                else
                    _proofs++;
            }
        }

        private async Task EventsAsync(Seen seen, string file, Stream stream, CancellationToken cancellation)
        {
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellation);
            var (rest, number) = (bytes.GetBuffer().AsMemory(0, (int)bytes.Length), 0);
            foreach (var expected in seen.Events)
            {
                var end = rest.Span.IndexOf((byte)'\n') + 1;
                number++;
                if (end == 0 || !SHA256.HashData(rest.Span[..end]).AsSpan().SequenceEqual(expected.Line.ToArray()))
                {
                    Add(
                        EvidenceProblemKind.Changed,
                        file,
                        $"line {number} is not the event of leaf {expected.Index}, as the log has it"
                    );
                    return;
                }

                rest = rest[end..];
            }

            if (rest.Length > 0)
                Add(EvidenceProblemKind.Added, file, $"there are more lines than the {number} events of the request");
        }

        private async Task<string?> ProofAsync(string name, ExpectedEvent expected, CancellationToken cancellation)
        {
            try
            {
                if (await TextAsync(export, name, cancellation) is not { } text)
                    return $"the proof of leaf {expected.Index} is missing";
                var proof = TlogProof.Parse(text);
                return proof.Index != expected.Index ? $"the proof is of the leaf {proof.Index}"
                    : proof.Checkpoint.Checkpoint.ToString() != log.Checkpoint!.ToString()
                        ? "the proof has another checkpoint than the archive"
                    : proof.Extra is not null ? "the proof has extra data, which nothing authenticates"
                    : proof.Includes(expected.Leaf) ? null
                    : $"leaf {expected.Index} is not the one of the checkpoint";
            }
            catch (FormatException e)
            {
                return e.Message.TrimEnd('.');
            }
        }

        private void FindAdded(IEnumerable<Seen> requests)
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            foreach (var seen in requests)
            {
                var id = seen.Evidence.Id;
                known.Add(EvidenceNames.Of(id, EvidenceNames.Events));
                known.Add(EvidenceNames.Of(id, EvidenceNames.DossierJson));
                known.Add(EvidenceNames.Of(id, EvidenceNames.DossierPage));
                known.UnionWith(seen.Events.Select(one => EvidenceNames.ProofOf(id, one.Index)));
            }

            var added = export
                .Names.Where(name =>
                    name.StartsWith(EvidenceNames.Grants, StringComparison.Ordinal) && !known.Contains(name)
                )
                .Order(StringComparer.Ordinal);
            foreach (var name in added)
                Add(EvidenceProblemKind.Added, name, "the file does not follow from the log");
        }

        private void Add(EvidenceProblemKind kind, string file, string reason)
        {
            if (_problems.Count < MostProblems)
                _problems.Add(new(kind, file, reason));
        }
    }
}
