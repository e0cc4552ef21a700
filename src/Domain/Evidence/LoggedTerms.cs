using System.Text.Json;

namespace JitFunctions.Domain.Evidence;

/// <summary>The terms of a request as columns.</summary>
internal sealed record LoggedTerms(
    string Cluster,
    string Namespaces,
    string Role,
    string Duration,
    string Reason,
    string Ticket
)
{
    public static readonly LoggedTerms None = new("", "", "", "", "", "");

    public static LoggedTerms Of(JsonElement terms)
    {
        var (scope, role) = (terms.Member("scope"), terms.Member("scope").Member("role"));
        return new(
            scope.Shown("cluster"),
            scope.Flag("clusterWide") ? "(all)" : string.Join(' ', scope.Texts("namespaces")),
            role.ValueKind is JsonValueKind.Object ? $"{role.Shown("kind")}/{role.Shown("name")}" : "(own rules)",
            terms.Shown("duration"),
            terms.Shown("reason"),
            // Most requests have none: only an erased reason tells that a ticket may be erased too.
            terms.Text("ticket") ?? (terms.HasErased() && terms.Text("reason") is null ? LoggedData.Erased : "")
        );
    }
}
