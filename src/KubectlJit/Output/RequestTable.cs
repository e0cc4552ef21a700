using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Requests as rows, newest state last when it follows a request.</summary>
internal sealed class RequestTable(Shell shell)
{
    private const int TextLength = 40;

    private readonly Table _table =
        new(shell, "ID", "STATUS", "REQUESTER", "CLUSTER", "NAMESPACES", "ROLE", "DURATION", "REMAINING", "AGE", "NOTES", "REASON");

    public void Add(IEnumerable<AccessRequest> requests) => _table.Add(requests.Select(Row));

    private string?[] Row(AccessRequest request) =>
    [
        request.Id,
        request.Status,
        request.Requester.Username,
        request.Cluster,
        request.NamespaceList,
        Printable.Shortened(RuleText.What(request), TextLength),
        request.Duration,
        request is { Status: Status.Active, ExpiresAt: { } expiry } ? Durations.Human(expiry - shell.Now) : null,
        Durations.Human(shell.Now - request.RequestedAt),
        string.Join(", ", Notes(request)),
        Printable.Shortened(request.Reason, TextLength),
    ];

    private IEnumerable<string> Notes(AccessRequest request)
    {
        if (request.BreakGlass is { } breakGlass) yield return $"break-glass {State(breakGlass)}";
        if (request is { Status: Status.Pending, Dangers: [_, ..] }) yield return "dangerous";
        if (request is { Status: Status.Pending, Policy: { } policy } && request.Reviews?.Count(review => review.IsApprovalThatCounts) is > 0 and var given)
            yield return $"{given} of {policy.Approvals.Sum(requirement => requirement.Count)} approvals";
        if (!Status.IsSettled(request.Status) && request.Start is { } start && start > shell.Now) yield return $"starts in {Durations.Human(start - shell.Now)}";
        if (request.Unapproved is { } unapproved) yield return unapproved.Dangers is [_, ..] ? "role grew dangerously" : "role grew";
        if (request.Lost is [_, ..] lost) yield return $"lost {string.Join(" and ", lost.Select(one => one.Kind ?? "object").Distinct())}";
        if (request.Extension is { } extension) yield return $"{extension.Duration} more asked";
    }

    private static string State(BreakGlass breakGlass) => breakGlass switch
    {
        { SettledAt: null, OverdueAt: null } => "unreviewed",
        { SettledAt: null } => "overdue",
        { Justified: true } => "justified",
        _ => "not justified",
    };
}
