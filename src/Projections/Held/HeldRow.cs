using System.Text.Json;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections.Held;

/// <summary>
/// A row of the table: a period of a grant in one namespace. The names of the members are those of the columns.
/// </summary>
internal sealed record HeldRow(
    string GrantId,
    long Part,
    string Namespace,
    string Cluster,
    string Person,
    string Subject,
    string Account,
    string Role,
    string ScopeHash,
    string Status,
    DateTimeOffset? Promised,
    DateTimeOffset LiveFrom,
    DateTimeOffset? LiveUntil,
    long OpenedIdx,
    long? ClosedIdx,
    string? Proof,
    bool Lasting
)
{
    public const string AllNamespaces = "*";

    /// <summary>
    /// A period that is longer, or has not ended, is <see cref="Lasting"/>. No grant lasts longer without an extension,
    /// which begins a period of its own; a removal that fails may take longer.
    /// </summary>
    public static readonly TimeSpan LongestUsual = TimeSpan.FromDays(8);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>The rows of a request, from all of its events. The same events give the same rows.</summary>
    public static IReadOnlyList<HeldRow> Of(string id, IReadOnlyList<PlacedEvent> events)
    {
        if (events is not [{ Fact: Requested asked }, ..])
            return [];
        var (terms, hash) = (asked.Terms, asked.ScopeHash ?? string.Empty);
        foreach (var narrowed in events.Select(e => e.Fact).OfType<Narrowed>())
            (terms, hash) = (narrowed.Terms, narrowed.ScopeHash);
        var scope = terms.Scope;
        return
        [
            .. from period in HeldPeriods.Of(asked.Requester.Username, events)
            from ns in scope.ClusterWide ? [AllNamespaces] : scope.Namespaces
            select new HeldRow(
                id,
                period.Part,
                ns,
                scope.Cluster,
                asked.Requester.Username,
                asked.Requester.Subject,
                period.Account,
                scope.Describe(),
                hash,
                Name(period.Status),
                Stored(period.Promised),
                Stored(period.From)!.Value,
                Stored(period.Until),
                period.OpenedBy,
                period.ClosedBy,
                period.Proof is { } proof ? Name(proof) : null,
                period.Until is null || period.Until - period.From > LongestUsual
            ),
        ];
    }

    /// <summary>Rows as one JSON text, which the database reads as a table.</summary>
    public static string ToJson(IEnumerable<HeldRow> rows) => JsonSerializer.Serialize(rows, Json);

    public static IReadOnlyList<HeldRow> FromJson(string json) =>
        JsonSerializer.Deserialize<IReadOnlyList<HeldRow>>(json, Json)!;

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>A time as the database keeps it: in UTC, to the microsecond.</summary>
    private static DateTimeOffset? Stored(DateTimeOffset? time) =>
        time?.ToUniversalTime() is { } utc ? utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond)) : null;
}
