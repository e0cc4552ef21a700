using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Break-glass requests as rows, with the review that each owes.</summary>
internal sealed class PostReviewTable(Shell shell, OutputFormat format)
{
    private const int Most = 40;

    private readonly Table _table = new(
        shell,
        format,
        new("ID"),
        new("STATUS", Shown.Wide),
        new("REQUESTER", Least: 8),
        new("WHERE", Shown.Narrow, Least: 8),
        new("CLUSTER", Shown.Wide),
        new("NAMESPACES", Shown.Wide),
        new("ROLE", Shown.Narrow, Least: 4),
        new("ROLE", Shown.Wide, Most: Most),
        new("AGE", Shown.Wide),
        new("REVIEW DUE", Shown.Narrow),
        new("REVIEW BY", Shown.Wide),
        new("OVERDUE", Shown.Wide),
        new("FROM", Least: 8),
        new("REASON", Shown.Wide, Most: Most)
    );

    public void Add(IEnumerable<AccessRequest> requests) => _table.Add(requests.Select(Row));

    private string?[] Row(AccessRequest request)
    {
        var (owed, overdue) = (
            request.BreakGlass,
            request.BreakGlass?.OverdueAt is { } since ? Durations.Human(shell.Now - since) : null
        );
        return
        [
            request.Id,
            request.Status,
            request.Requester.Username,
            RuleText.Where(request),
            request.Cluster,
            request.NamespaceList,
            RuleText.ShortWhat(request),
            RuleText.What(request),
            Durations.Human(shell.Now - request.RequestedAt),
            overdue is null
                ? owed is null
                    ? null
                    : $"in {Durations.Human(owed.ReviewBy - shell.Now)}"
                : $"{overdue} ago",
            owed is null ? null : Timestamps.Exact(owed.ReviewBy),
            overdue,
            request.Policy is { } policy ? Sentences.Lacking(policy, owed?.Reviews) : null,
            request.Reason,
        ];
    }
}
