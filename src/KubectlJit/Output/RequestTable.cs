using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Requests as rows, newest state last when it follows a request.</summary>
internal sealed class RequestTable(Shell shell)
{
    private const int ReasonLength = 40;

    private readonly Table _table =
        new(shell, "ID", "STATUS", "REQUESTER", "CLUSTER", "NAMESPACES", "ROLE", "DURATION", "REMAINING", "AGE", "REASON");

    public void Add(IEnumerable<AccessRequest> requests) => _table.Add(requests.Select(Row));

    private string?[] Row(AccessRequest request) =>
    [
        request.Id,
        request.Status,
        request.Requester.Username,
        request.Cluster,
        request.NamespaceList,
        request.Role.ToString(),
        request.Duration,
        request is { Status: Status.Active, ExpiresAt: { } expiry } ? Durations.Human(expiry - shell.Now) : null,
        Durations.Human(shell.Now - request.RequestedAt),
        Printable.Shortened(request.Reason, ReasonLength),
    ];
}
