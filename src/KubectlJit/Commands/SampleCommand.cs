using System.CommandLine;
using JitFunctions.Domain.Evidence;
using JitFunctions.Domain.Text;
using JitFunctions.EvidenceFiles;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>sample</c>: draws requests of an evidence archive, in a way that anybody can repeat.</summary>
internal sealed class SampleCommand : Command, IListCommand
{
    private readonly Argument<string> _archive = new("evidence")
    {
        Description = "The evidence: a zip archive or a folder",
        HelpName = "FILE",
    };

    private readonly Option<string> _seed = new("--seed")
    {
        Description = "Any text that the auditor chooses after they have the archive",
        HelpName = "text",
        Required = true,
    };

    private readonly Option<long> _count = CountOption.Of("--n", "How many requests to draw", "count", least: 1);
    private readonly Option<DateTimeOffset?> _from;
    private readonly Option<DateTimeOffset?> _to;
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public SampleCommand(GlobalOptions globals, Shell shell)
        : base(
            "sample",
            "Draw a sample of the requests in evidence; the same seed gives the same sample. Needs no server"
        )
    {
        (_globals, _shell) = (globals, shell);
        _from = TimeOption.Past(shell, "--from", "Only requests that were submitted from then on");
        _to = TimeOption.Past(shell, "--to", "Only requests that were submitted before");
        _count.Required = true;
        Arguments.Add(_archive);
        Options.Add(_seed);
        Options.Add(_count);
        Options.Add(_from);
        Options.Add(_to);
        SetAction(Run);
    }

    private void Run(ParseResult parsed)
    {
        var (path, seed) = (parsed.GetValue(_archive)!, parsed.GetValue(_seed)!);
        if (seed.Length == 0)
            throw Failure.Usage("--seed is empty", "choose any text");
        var rows = Read(path);
        var requestedAt = Population.Columns.ToList().IndexOf("requested_at");
        var (from, to) = (parsed.GetValue(_from), parsed.GetValue(_to));
        var chosen = rows
            .Values.Where(row => EvidencePeriod.TryParse(row[requestedAt], out var at) && !(at < from) && !(at >= to))
            .Select(row => row[0]);
        var ids = from is null && to is null ? rows.Keys : chosen;
        var drawn = PopulationSample.Draw(ids, seed, (int)Math.Min(parsed.GetValue(_count), int.MaxValue));
        string[] shown = ["requested_at", "requester", "cluster", "role", "status", "exceptions"];
        var columns = shown.Select(name => Population.Columns.ToList().IndexOf(name)).ToArray();
        var table = new Table(
            _shell,
            _globals.Format(parsed),
            [new Column("request"), .. shown.Select(name => new Column(name)), new Column("sha256")]
        );
        table.Add(
            drawn.Select(row => (IReadOnlyList<string?>)[row.Id, .. columns.Select(i => rows[row.Id][i]), row.Hash])
        );
    }

    private static Dictionary<string, IReadOnlyList<string>> Read(string path)
    {
        using var archive = ExportFile.Open(path);
        try
        {
            using var stream =
                archive.TryOpen(EvidenceNames.Population)
                ?? throw new FormatException($"there is no file '{EvidenceNames.Population}' in it");
            using var reader = new StreamReader(stream);
            var rows = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            var isFirst = true;
            foreach (var row in Csv.Read(reader))
            {
                if (isFirst ? !row.SequenceEqual(Population.Columns) : row.Count != Population.Columns.Count)
                    throw new FormatException(
                        $"'{EvidenceNames.Population}' does not have the columns of a population"
                    );
                // A request that is there twice would be drawn more often.
                if (!isFirst && !rows.TryAdd(row[0], row))
                    throw new FormatException($"'{EvidenceNames.Population}' has the request {row[0]} twice");
                isFirst = false;
            }

            return rows;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new Failure(
                ExitCode.Usage,
                $"{path} is no evidence: {e.Message.TrimEnd('.')}",
                "unreadable-export",
                "make one with: kubectl jit evidence",
                e
            );
        }
    }
}
