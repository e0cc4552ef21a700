using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Evidence;

/// <summary>The table with one row for each request of a period: <c>population.csv</c>.</summary>
public static class Population
{
    /// <summary>The columns. New ones are added at the end.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "request",
        "requested_at",
        "requester",
        "cluster",
        "namespaces",
        "role",
        "duration",
        "reason",
        "ticket",
        "policy",
        "policy_version",
        "approval",
        "approvers",
        "approved_at",
        "activated_at",
        "expires_at",
        "ended_at",
        "end_cause",
        "ended_by",
        "denial",
        "status",
        "extensions",
        "events",
        "first_index",
        "last_index",
        "exceptions",
    ];

    /// <summary>The first line.</summary>
    public static string Header { get; } = Csv.Line(Columns);

    /// <param name="exceptions">Those of the request.</param>
    public static string Line(RequestEvidence request, IReadOnlyList<ExceptionRow> exceptions) =>
        Csv.Line(request.Cells(exceptions));
}
