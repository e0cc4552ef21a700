namespace JitFunctions.Domain.Scopes;

public enum RequestStatus
{
    Pending,
    Approved,
    Activating,
    Active,
    Ending,
    Denied,
    Withdrawn,
    Lapsed,
    Failed,
    Ended,
}

public static class RequestStatuses
{
    public static readonly IReadOnlyList<RequestStatus> Live =
    [
        RequestStatus.Pending,
        RequestStatus.Approved,
        RequestStatus.Activating,
        RequestStatus.Active,
        RequestStatus.Ending,
    ];

    public static bool IsFinal(this RequestStatus status) => !Live.Contains(status);

    /// <summary>True while the cluster may hold rights of a request in this status.</summary>
    public static bool MayHoldRights(this RequestStatus status) =>
        status is RequestStatus.Activating or RequestStatus.Active or RequestStatus.Ending;
}
