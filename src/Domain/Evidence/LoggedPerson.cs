using System.Text.Json;

namespace JitFunctions.Domain.Evidence;

/// <summary>Somebody as an event names them. What was erased is null.</summary>
internal sealed record LoggedPerson(string? Subject, string? Username, IReadOnlyList<string> OtherAccounts)
{
    /// <param name="accounts">What has the list of their other user names.</param>
    public static LoggedPerson Read(JsonElement person, JsonElement accounts) =>
        new(person.Text("subject"), person.Text("username"), accounts.Texts("otherAccounts"));

    public bool IsKnown => Subject is not null && Username is not null;

    public string Shown => Username ?? LoggedData.Erased;

    public bool IsSameAs(LoggedPerson other) =>
        (Subject is not null && Subject == other.Subject) || Accounts().Intersect(other.Accounts()).Any();

    private IEnumerable<string> Accounts() => Username is null ? OtherAccounts : [Username, .. OtherAccounts];
}

/// <summary>A review that approved: of a request, an extension, or a break-glass use.</summary>
internal sealed record GivenApproval(LoggedPerson By, string? ScopeHash, long Index, DateTimeOffset At);
