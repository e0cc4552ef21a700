using JitFunctions.Functions.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http;

/// <summary>
/// <c>GET /api/whoami</c>: the caller as the app sees them, the expiry of the token, and the version of the app.
/// </summary>
public sealed class WhoAmI
{
    [ReportsUnknownGroups]
    [Function(nameof(WhoAmI))]
    public IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "whoami")] HttpRequest http,
        FunctionContext context
    ) => new QueryFields(http).Problem ?? ApiJson.Result(CallerView.From(context.SignIn()));
}

/// <param name="GroupsComplete">
/// False where the token does not list the groups because there are too many, and no directory gives them either.
/// </param>
/// <param name="ServerVersion">Shown only here, where callers are signed in: others need not know it.</param>
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
