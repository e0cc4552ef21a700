using System.Globalization;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>The body of <c>POST /api/requests</c> as it arrives: anything may be missing or wrong.</summary>
internal record RequestBody
{
    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    public string? Cluster { get; init; }

    public IReadOnlyList<string?>? Namespaces { get; init; }

    public bool? ClusterWide { get; init; }

    public RoleBody? Role { get; init; }

    public IReadOnlyList<RuleBody?>? Rules { get; init; }

    public string? Duration { get; init; }

    public string? Start { get; init; }

    public bool? BreakGlass { get; init; }

    public string? Reason { get; init; }

    public string? Ticket { get; init; }

    public (RequestDraft? Draft, IReadOnlyList<FieldError> Errors) Parse()
    {
        var kind = Role?.Kind switch
        {
            "Role" => RoleKind.Role,
            "ClusterRole" => RoleKind.ClusterRole,
            _ => (RoleKind?)null,
        };
        var duration = KubernetesDuration.TryParse(Duration);
        var start = ParseTime(Start);

        List<FieldError> errors = [];
        if (Role is not null && kind is null)
            errors.Add(new("role.kind", "must be Role or ClusterRole."));
        if (Duration is not null && duration is null)
            errors.Add(new("duration", "write it as 30m, 1h30m or 90s."));
        if (Start is not null && start is null)
            errors.Add(new("start", "write it with its offset, such as 2026-12-01T22:00:00Z."));

        var draft = new RequestDraft(
            new Scope(
                Cluster ?? string.Empty,
                [.. (Namespaces ?? []).Select(name => name ?? string.Empty)],
                ClusterWide ?? false,
                Role is null ? null : new RoleRef(kind ?? RoleKind.ClusterRole, Role.Name ?? string.Empty),
                RuleBody.ParseAll(Rules)
            ),
            duration,
            Reason ?? string.Empty,
            Ticket,
            start,
            BreakGlass ?? false
        );
        errors.AddRange(RequestForm.Check(draft));
        return errors is [] ? (draft, []) : (null, errors);
    }

    // A time without an offset is ambiguous.
    private static DateTimeOffset? ParseTime(string? text) =>
        text is not null
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
        && DateTimeOffset.TryParseExact(
            text,
            TimeForms,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;
}

internal sealed record RoleBody
{
    public string? Kind { get; init; }

    public string? Name { get; init; }
}
