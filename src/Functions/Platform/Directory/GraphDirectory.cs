using System.Text.Json;
using JitFunctions.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>
/// Reads people's groups from Microsoft Graph. The person's user name has to be the user principal name or the object
/// id there. Groups are returned as object ids, nested ones included, as in the groups claim of Entra ID. Wire format:
/// https://learn.microsoft.com/graph/api/user-get and
/// https://learn.microsoft.com/graph/api/directoryobject-getmembergroups, by which the app needs the application
/// permissions User.Read.All and GroupMember.Read.All.
/// </summary>
public sealed class GraphDirectory(GraphClient graph, ILogger<GraphDirectory> log) : IDirectory
{
    public Task<Membership> MembershipOfAsync(Principal person, CancellationToken cancellation) =>
        MembershipOfAccountAsync(person.Username, cancellation);

    public async Task<Membership> MembershipOfAccountAsync(string username, CancellationToken cancellation)
    {
        var (name, path) = (username, PathOf(username));
        try
        {
            if (
                await graph.AskAsync(HttpMethod.Get, $"{path}?$select=accountEnabled", null, cancellation)
                is not { } user
            )
                return Membership.None($"The directory knows nobody called {name}.");
            if (!IsEnabled(user))
                return Membership.None($"The account of {name} is disabled in the directory.");
            if (
                await graph.AskAsync(
                    HttpMethod.Post,
                    $"{path}/getMemberGroups",
                    new { securityEnabledOnly = false },
                    cancellation
                )
                is not { } groups
            )
                return Membership.None($"The directory knows nobody called {name}.");
            return Membership.Of(GroupsIn(groups));
        }
        catch (UnclearAnswerException e)
        {
            log.LogWarning(e, "The groups of {Username} cannot be told", name);
            return Membership.Unknown($"The groups of {name} cannot be told now: {e.Message}");
        }
    }

    // In the longer form, a name that begins with $ is not read as a keyword of OData (user-get documents this), and a
    // name of dots does not change the path.
    private static string PathOf(string name) =>
        name.StartsWith('$') || name.Trim('.', ' ').Length == 0
            ? $"users('{Uri.EscapeDataString(name.Replace("'", "''", StringComparison.Ordinal))}')"
            : $"users/{Uri.EscapeDataString(name)}";

    // Graph omits properties that the app may not read, or returns null for them.
    private static bool IsEnabled(JsonElement user) =>
        Member(user, "accountEnabled") switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => throw new UnclearAnswerException(
                "Microsoft Graph does not say whether the account is enabled; the app may lack User.Read.All."
            ),
        };

    // If the answer is one page of several, the rest would be missing.
    private static string[] GroupsIn(JsonElement answer) =>
        Member(answer, "@odata.nextLink") is null
        && Member(answer, "value") is { ValueKind: JsonValueKind.Array } groups
        && groups.EnumerateArray().All(group => group.ValueKind is JsonValueKind.String)
            ? [.. groups.EnumerateArray().Select(group => group.GetString()!)]
            : throw new UnclearAnswerException("Microsoft Graph returned an incomplete list of groups.");

    private static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : null;
}
