using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JitFunctions.Functions.Http;

/// <summary><c>GET /api/whoami</c>: whom the caller's token makes them here, and for how long.</summary>
public sealed class WhoAmI(AuthenticationOptions options)
{
    [Function(nameof(WhoAmI))]
    public IResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "whoami")] HttpRequest http, FunctionContext context) =>
        new QueryFields(http).Problem
            ?? ApiJson.Result(CallerView.From(context.Caller(), new JsonWebToken(BearerMiddleware.TokenOf(http)), options));
}

/// <param name="GroupsComplete">False where the token has too many groups to list them, and no directory knows them either.</param>
internal sealed record CallerView(
    string Username, string Subject, IReadOnlyList<string> OtherAccounts, IReadOnlyList<string> Groups, bool GroupsComplete,
    bool Administrator, bool Auditor, DateTimeOffset ExpiresAt)
{
    public static CallerView From(Caller x, JsonWebToken token, AuthenticationOptions options) => new(
        x.Principal.Username, x.Principal.Subject, x.OtherAccounts, [.. x.Groups.Order(StringComparer.Ordinal)], x.Groups is [_, ..] || ListsGroups(token, options),
        x.IsAdministrator, x.IsAuditor, token.ValidTo);

    private static bool ListsGroups(JsonWebToken token, AuthenticationOptions options) =>
        TokenClaims.Read(token.EncodedPayload) is { } claims
        && TokenClaims.TryReadGroups(claims, options.GroupsClaim, options.RequireGroups, out var groups) && groups is not null;
}
