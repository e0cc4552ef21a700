using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Directory;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.Functions.Security;

/// <summary>Lets no HTTP call through without a valid token, except those of functions named here.</summary>
public sealed class BearerMiddleware(TokenValidator tokens, SeenTokens seen, CallerGroups groups, PoliciesInForce policies) : IFunctionsWorkerMiddleware
{
    private const string Scheme = "Bearer ";
    private static readonly IReadOnlySet<string> Anonymous = new HashSet<string>
    {
        nameof(Health), nameof(Health.HealthLive), nameof(Health.HealthReady), nameof(PolicyVersions.PolicySchema),
    };

    // Rights are given back and taken away also when nobody can say what the policies are. Who calls has no standing of theirs
    // then, and needs none: a grant knows its requester and its approvers.
    private static readonly IReadOnlySet<string> Ending = new HashSet<string>
    {
        nameof(RequestCommands.WithdrawRequest), nameof(RequestCommands.RelinquishGrant), nameof(RequestCommands.RevokeGrant),
    };

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext()!;
        if (!Anonymous.Contains(context.FunctionDefinition.Name))
        {
            var (person, refusal) = await AuthenticateAsync(http);
            if (person is null)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                await Problems.Unauthenticated(refusal!).ExecuteAsync(http);
                return;
            }

            await seen.NoteAsync(person);
            var (known, problem) = await groups.OfAsync(person, context.FunctionDefinition.Name, http.RequestAborted);
            if (known is null)
            {
                await problem!.ExecuteAsync(http);
                return;
            }

            var caller = new Caller(person.Principal, known);
            context.SetCaller(await KnowAsync(caller, context.FunctionDefinition.Name, http.RequestAborted));
        }

        await next(context);
    }

    private async Task<Caller> KnowAsync(Caller caller, string function, CancellationToken cancellation)
    {
        try
        {
            return (await policies.GetAsync(cancellation)).Know(caller);
        }
        catch (NoPoliciesException) when (Ending.Contains(function))
        {
            return caller;
        }
    }

    private async Task<(SignedInPerson? Person, string? Refusal)> AuthenticateAsync(HttpContext http) =>
        TokenOf(http.Request) is { } token
            ? await tokens.ValidateAsync(token, http.RequestAborted)
            : (null, "Send one header 'Authorization: Bearer <token>'.");

    /// <summary>The token as it was sent: valid only where this middleware has let the call through.</summary>
    internal static string? TokenOf(HttpRequest http) =>
        http.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}

internal static class CallerExtensions
{
    private const string Key = "jit.caller";

    public static void SetCaller(this FunctionContext context, Caller caller) => context.Items[Key] = caller;

    /// <summary>Who calls. Throws where no bearer token was asked for, so that forgetting it never means "anybody".</summary>
    public static Caller Caller(this FunctionContext context) => (Caller)context.Items[Key];
}
