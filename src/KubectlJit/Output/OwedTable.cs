using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Break-glass requests as rows, with the review that each owes.</summary>
internal sealed class OwedTable(Shell shell)
{
    private const int TextLength = 40;

    private readonly Table _table =
        new(shell, "ID", "STATUS", "REQUESTER", "CLUSTER", "NAMESPACES", "ROLE", "AGE", "REVIEW BY", "OVERDUE", "FROM", "REASON");

    public void Add(IEnumerable<AccessRequest> requests) => _table.Add(requests.Select(Row));

    private string?[] Row(AccessRequest request) =>
    [
        request.Id,
        request.Status,
        request.Requester.Username,
        request.Cluster,
        request.NamespaceList,
        Printable.Shortened(RuleText.What(request), TextLength),
        Durations.Human(shell.Now - request.RequestedAt),
        request.BreakGlass is { } owed ? Timestamps.Exact(owed.ReviewBy) : null,
        request.BreakGlass?.OverdueAt is { } since ? Durations.Human(shell.Now - since) : null,
        request.Policy is { } policy ? Sentences.Lacking(policy, request.BreakGlass?.Reviews) : null,
        Printable.Shortened(request.Reason, TextLength),
    ];
}
