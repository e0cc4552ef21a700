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

/// <summary>Lets no HTTP call through without a valid token, except of functions that have <see cref="AllowAnonymousAttribute"/>.</summary>
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

            var caller = await KnowAsync(
                new(person.Principal, known),
                context.FunctionDefinition.Name,
                http.RequestAborted
            );
            context.SetSignIn(new(caller, person.ExpiresAt, areKnown));
        }

        await next(context);
    }

    private async Task<Caller> KnowAsync(Caller caller, string function, CancellationToken cancellation)
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

/// <summary>What the token of a call, the directory and the policies say together.</summary>
/// <param name="ExpiresAt">When the token ends.</param>
/// <param name="GroupsKnown">False where neither the token nor a directory names the caller's groups.</param>
internal sealed record SignIn(Caller Caller, DateTimeOffset ExpiresAt, bool GroupsKnown);

internal static class SignInExtensions
{
    private const string Key = "jit.sign-in";

    public static void SetSignIn(this FunctionContext context, SignIn signIn) => context.Items[Key] = signIn;

    /// <summary>Throws where no bearer token was asked for, so that forgetting it never means "anybody".</summary>
    public static SignIn SignIn(this FunctionContext context) => (SignIn)context.Items[Key];

    /// <summary>Who calls. Throws as <see cref="SignIn(FunctionContext)"/> does.</summary>
    public static Caller Caller(this FunctionContext context) => context.SignIn().Caller;
}
