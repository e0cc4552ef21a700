using System.Text.Json;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Prints who held what. It can be called for each page.</summary>
internal sealed class HeldOutput(Shell shell, OutputFormat format)
{
    private readonly Table _table = new(
        shell,
        format,
        new("REQUEST"),
        new("PERSON", Least: 8),
        new("ACCOUNT", Shown.Wide),
        new("CLUSTER"),
        new("NAMESPACE", Least: 8),
        new("ROLE", Least: 8),
        new("STATUS", Shown.Wide),
        new("FROM"),
        new("UNTIL"),
        new("PROMISED", Shown.Wide),
        new("PROOF", Shown.Wide)
    );

    public void Add(IReadOnlyList<JsonElement> items)
    {
        if (!format.IsDocument())
        {
            _table.Add(items.Select(item => Row(item.Read(ApiJson.Default.HeldPeriod))));
            return;
        }

        foreach (var item in items)
            Document.WriteNext(shell.Out, item, format);
    }

    private static string?[] Row(HeldPeriod held) =>
        [
            held.Request,
            held.Person,
            held.Account,
            held.Cluster,
            held.Namespace,
            held.Role,
            held.Status,
            Timestamps.Exact(held.From),
            held.Until is { } until ? Timestamps.Exact(until) : null,
            held.Promised is { } promised ? Timestamps.Exact(promised) : null,
            held.Proof,
        ];
}
