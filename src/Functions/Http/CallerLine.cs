using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Runs the calls of one person one at a time where they use a cluster, or wait in the line of all who open a request:
/// on each node, for each cluster, under all linked accounts together.
/// </summary>
public sealed class CallerLine
{
    /// <summary>The most waiting calls of one person; calls for break-glass are counted separately.</summary>
    public const int Most = 20;

    private const string RetryAfterSeconds = "1";

    private readonly TurnLine _line = new();

    /// <param name="breakGlass">Calls for break-glass go before the other calls of this person.</param>
    /// <returns>
    /// The caller disposes of it when the call is done; null when too many calls are already waiting.
    /// </returns>
    public Task<IDisposable?> TryWaitAsync(
        Caller caller,
        string cluster,
        bool breakGlass,
        CancellationToken cancellation
    ) => _line.TryWaitAsync($"{HumanOf(caller)} {cluster}", breakGlass, Most, cancellation);

    public static Rejection Refusal { get; } =
        new(
            Rejection.TooManyWaitsCode,
            $"{Most} of your calls are already waiting. Wait for their answers, then try again."
        );

    internal static IResult Refuse(HttpRequest http)
    {
        http.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.From(Refusal);
    }

    // The result is the same for each of the linked accounts.
    private static string HumanOf(Caller caller) =>
        caller
            .OtherAccounts.Append(caller.Principal.Username)
            .Select(name => name.ToLowerInvariant())
            .Min(StringComparer.Ordinal)!;
}
