using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Requests as rows. When the command follows a request, the newest state is last.</summary>
internal sealed class RequestTable(Shell shell, OutputFormat format)
{
    private const int Most = 40;

    // Wide enough for the notes of an active grant, such as "role grew dangerously" or "lost RoleBinding", and an
    // ellipsis.
    private const int PreferredNotes = 22;

    private readonly Table _table = new(
        shell,
        format,
        new("ID"),
        new("STATUS"),
        new("REQUESTER", Least: 8),
        new("WHERE", Shown.Narrow, Least: 8),
        new("CLUSTER", Shown.Wide),
        new("NAMESPACES", Shown.Wide),
        new("ROLE", Shown.Narrow, Least: 4),
        new("ROLE", Shown.Wide, Most: Most),
        new("TIME", Shown.Narrow),
        new("DURATION", Shown.Wide),
        new("REMAINING", Shown.Wide),
        new("AGE", Shown.Wide),
        new("NOTES", Least: 8, Preferred: PreferredNotes),
        new("REASON", Shown.Wide, Most: Most)
    );

    public void Add(IEnumerable<AccessRequest> requests) => _table.Add(requests.Select(Row));

    private string?[] Row(AccessRequest request)
    {
        var remaining = request is { Status: Status.Active, ExpiresAt: { } expiry }
            ? Durations.Human(expiry - shell.Now)
            : null;
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
            remaining is null ? request.Duration : $"{remaining} left",
            request.Duration,
            remaining,
            Durations.Human(shell.Now - request.RequestedAt),
            string.Join(", ", Notes(request)),
            request.Reason,
        ];
    }

    private IEnumerable<string> Notes(AccessRequest request)
    {
        if (request.BreakGlass is { } breakGlass)
            yield return $"break-glass {State(breakGlass)}";
        if (request is { Status: Status.Pending, Dangers: [_, ..] dangers })
            yield return DangerGroups.InShort(dangers);
        if (
            request is { Status: Status.Pending, Policy: { } policy }
            && request.Reviews?.Count(review => review.IsApprovalThatCounts) is > 0 and var given
        )
            yield return $"{given} of {policy.Approvals.Sum(requirement => requirement.Count)} approvals";
        if (!Status.IsSettled(request.Status) && request.Start is { } start && start > shell.Now)
            yield return $"starts in {Durations.Human(start - shell.Now)}";
        if (request.Unapproved is { } unapproved)
            yield return unapproved.Dangers is [_, ..] ? "role grew dangerously" : "role grew";
        if (request.Lost is [_, ..] lost)
            yield return $"lost {string.Join(" and ", lost.Select(one => one.Kind ?? "object").Distinct())}";
        if (request.Extension is { } extension)
            yield return $"{extension.Duration} more asked";
        if (Sentences.End(request) is { } end)
            yield return end;
    }

    private static string State(BreakGlass breakGlass) =>
        breakGlass switch
        {
            { SettledAt: null, OverdueAt: null } => "unreviewed",
            { SettledAt: null } => "overdue",
            { Justified: true } => "justified",
            _ => "not justified",
        };
}
