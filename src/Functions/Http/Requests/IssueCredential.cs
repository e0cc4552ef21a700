using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Requests;

/// <summary><c>POST /api/requests/{id}/credential</c>: issues a token of an ephemeral grant to its requester.</summary>
public sealed class IssueCredential(IQuerySession session, CredentialIssuance credentials)
{
    [Function(nameof(IssueCredential))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/credential")] HttpRequest http,
        string id,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        var (body, problem) = await ApiJson.ReadAsync<NoBody>(http, cancellation, optional: true);
        if (body is null)
            return problem!;

        var caller = context.Caller();
        if (await session.LoadAsync<RequestDetails>(id, cancellation) is not { } seen || !caller.MaySee(seen))
            return Problems.From(Rejection.NotFound(id));

        var (issued, why) = await credentials.IssueAsync(id, caller, cancellation);
        if (issued is null)
            return Problems.From(why!);
        http.HttpContext.Response.Headers.CacheControl = "no-store";
        return ApiJson.Result(CredentialView.From(issued));
    }
}

/// <summary>The body of a call that takes no fields.</summary>
internal sealed record NoBody;

internal sealed record CredentialView(
    string Token,
    DateTimeOffset ExpiresAt,
    Uri Server,
    string? CertificateAuthorityData
)
{
    public static CredentialView From(IssuedCredential x) =>
        new(x.Token, x.ExpiresAt, x.Address.Server, x.Address.CertificateAuthorityData);

    // The ToString of a record would print its members, including the token.
    public override string ToString() => nameof(CredentialView);
}
