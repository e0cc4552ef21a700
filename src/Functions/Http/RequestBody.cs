using JitFunctions.Domain.Requests;

namespace JitFunctions.Functions.Http;

/// <summary>The body of <c>POST /api/requests</c> as it arrives: anything may be missing or wrong.</summary>
internal sealed record RequestBody
{
    public string? Cluster { get; init; }

    public IReadOnlyList<string?>? Namespaces { get; init; }

    public bool? ClusterWide { get; init; }

    public RoleBody? Role { get; init; }

    public string? Duration { get; init; }

    public string? Reason { get; init; }

    public string? Ticket { get; init; }

    public (RequestTerms? Terms, IReadOnlyList<FieldError> Errors) Parse()
    {
        var kind = Role?.Kind switch { "Role" => RoleKind.Role, "ClusterRole" => RoleKind.ClusterRole, _ => (RoleKind?)null };
        var duration = KubernetesDuration.TryParse(Duration);

        List<FieldError> errors = [];
        if (kind is null)
            errors.Add(new("role.kind", "must be Role or ClusterRole."));
        if (duration is null)
            errors.Add(new("duration", "write it as 30m, 1h30m or 90s."));

        var terms = new RequestTerms(
            new Scope(
                Cluster ?? string.Empty,
                [.. (Namespaces ?? []).Select(name => name ?? string.Empty)],
                ClusterWide ?? false,
                new RoleRef(kind ?? RoleKind.ClusterRole, Role?.Name ?? string.Empty)),
            duration ?? RequestForm.ShortestDuration,
            Reason ?? string.Empty,
            Ticket);
        errors.AddRange(RequestForm.Check(terms));
        return errors is [] ? (terms, []) : (null, errors);
    }
}

internal sealed record RoleBody
{
    public string? Kind { get; init; }

    public string? Name { get; init; }
}
