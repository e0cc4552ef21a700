using JitFunctions.Functions.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http;

/// <summary><c>GET /api/whoami</c>: whom the caller's token makes them here, and for how long; and which version
/// answers.</summary>
public sealed class WhoAmI
{
    [ReportsUnknownGroups]
    [Function(nameof(WhoAmI))]
    public IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "whoami")] HttpRequest http,
        FunctionContext context
    ) => new QueryFields(http).Problem ?? ApiJson.Result(CallerView.From(context.SignIn()));
}

/// <param name="GroupsComplete">False where the token has too many groups to list them, and no directory knows them
/// either.</param>
/// <param name="ServerVersion">Told here, where callers are signed in: strangers need not know it.</param>
internal sealed record CallerView(
    string Username,
    string Subject,
    IReadOnlyList<string> OtherAccounts,
    IReadOnlyList<string> Groups,
    bool GroupsComplete,
    bool Administrator,
    bool Auditor,
    DateTimeOffset ExpiresAt,
    string ServerVersion
)
{
    public static CallerView From(SignIn x) =>
        new(
            x.Caller.Principal.Username,
            x.Caller.Principal.Subject,
            x.Caller.OtherAccounts,
            [.. x.Caller.Groups.Order(StringComparer.Ordinal)],
            x.GroupsKnown,
            x.Caller.IsAdministrator,
            x.Caller.IsAuditor,
            x.ExpiresAt,
            AppVersion.Text
        );
}
