using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Platform.SignIn;
using JitFunctions.Functions.Policies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Rejects every HTTP call without a valid token, except calls of functions that have
/// <see cref="AllowAnonymousAttribute"/>.
/// </summary>
public sealed class BearerMiddleware(
    TokenValidator tokens,
    TokenGroups seen,
    CallerGroups groups,
    PublishedPolicies policies
) : IFunctionsWorkerMiddleware
{
    private const string Scheme = "Bearer ";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext()!;
        if (!FunctionAttributes.Has<AllowAnonymousAttribute>(context.FunctionDefinition.Name))
        {
            var (person, refusal) = await AuthenticateAsync(http);
            if (person is null)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                await Problems.Unauthenticated(refusal!).ExecuteAsync(http);
                return;
            }

            await seen.NoteAsync(person);
            var (known, areKnown, problem) = await groups.OfAsync(
                person,
                context.FunctionDefinition.Name,
                http.RequestAborted
            );
            if (known is null)
            {
                await problem!.ExecuteAsync(http);
                return;
            }

            var caller = await WithRolesAsync(
                new(person.Principal, known),
                context.FunctionDefinition.Name,
                http.RequestAborted
            );
            context.SetSignIn(new(caller, person.ExpiresAt, areKnown));
        }

        await next(context);
    }

    private async Task<Caller> WithRolesAsync(Caller caller, string function, CancellationToken cancellation)
    {
        try
        {
            return (await policies.GetAsync(cancellation)).WithRoles(caller);
        }
        catch (NoPoliciesException) when (FunctionAttributes.Has<WorksWithoutPoliciesAttribute>(function))
        {
            return caller;
        }
    }

    private async Task<(SignedInPerson? Person, string? Refusal)> AuthenticateAsync(HttpContext http) =>
        TokenOf(http.Request) is { } token
            ? await tokens.ValidateAsync(token, http.RequestAborted)
            : (null, "Send one header 'Authorization: Bearer <token>'.");

    private static string? TokenOf(HttpRequest http) =>
        http.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
}

/// <summary>The identity of a caller, from the token, the directory and the policies.</summary>
/// <param name="ExpiresAt">When the token expires.</param>
/// <param name="GroupsKnown">False where neither the token nor a directory gives the caller's groups.</param>
internal sealed record SignIn(Caller Caller, DateTimeOffset ExpiresAt, bool GroupsKnown);

internal static class SignInExtensions
{
    private const string Key = "jit.sign-in";

    public static void SetSignIn(this FunctionContext context, SignIn signIn) => context.Items[Key] = signIn;

    /// <summary>Throws when no bearer token was required, so that a missing check never means "anybody".</summary>
    public static SignIn SignIn(this FunctionContext context) => (SignIn)context.Items[Key];

    /// <summary>The caller. Throws as <see cref="SignIn(FunctionContext)"/> does.</summary>
    public static Caller Caller(this FunctionContext context) => context.SignIn().Caller;
}
