using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Requests on standard output, in the chosen format.</summary>
internal sealed class RequestOutput(Shell shell, OutputFormat format)
{
    private readonly RequestTable _table = new(shell, format);

    public void Write(Snapshot snapshot)
    {
        if (!format.IsDocument())
            _table.Add([snapshot.Request]);
        else
            Document.Write(shell.Out, snapshot.Json, format);
    }

    public void WriteDetails(Snapshot snapshot)
    {
        if (!format.IsDocument())
            new RequestDetailsOutput(shell).Write(snapshot.Request);
        else
            Document.Write(shell.Out, snapshot.Json, format);
    }

    /// <summary>Writes one of several versions of a request: a row, a line of JSON, or a YAML document.</summary>
    public void WriteNext(Snapshot snapshot)
    {
        if (!format.IsDocument())
            _table.Add([snapshot.Request]);
        else
            Document.WriteNext(shell.Out, snapshot.Json, format);
    }

    public void WriteAll(IReadOnlyList<Snapshot> snapshots)
    {
        if (!format.IsDocument())
            _table.Add(snapshots.Select(snapshot => snapshot.Request));
        else
            Document.WriteItems(shell.Out, snapshots.Select(snapshot => snapshot.Json), format);
    }

    /// <summary>Writes break-glass requests with the reviews that they owe.</summary>
    public void WriteOwed(IReadOnlyList<Snapshot> snapshots)
    {
        if (!format.IsDocument())
            new PostReviewTable(shell, format).Add(snapshots.Select(snapshot => snapshot.Request));
        else
            Document.WriteItems(shell.Out, snapshots.Select(snapshot => snapshot.Json), format);
    }
}
