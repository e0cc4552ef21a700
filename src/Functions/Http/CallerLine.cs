using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Lets one human do one thing at a time that a cluster is asked for, or that stands in the line of all who open a
/// request: each on one node, for each cluster, under all linked accounts together.
/// </summary>
public sealed class CallerLine
{
    /// <summary>So many calls of one human wait, and of break-glass as many.</summary>
    public const int Most = 20;

    private const string RetryAfterSeconds = "1";

    private readonly TurnLine _line = new();

    /// <param name="breakGlass">It goes before the others of this human.</param>
    /// <returns>To be disposed of when it is done; null when too many wait already.</returns>
    public Task<IDisposable?> TryWaitAsync(
        Caller caller,
        string cluster,
        bool breakGlass,
        CancellationToken cancellation
    ) => _line.TryWaitAsync($"{HumanOf(caller)} {cluster}", breakGlass, Most, cancellation);

    public static Rejection Refusal { get; } =
        new(
            Rejection.TooManyWaitsCode,
            $"You have {Most} calls that wait for their turn. Wait for their answers, then try again."
        );

    internal static IResult Refuse(HttpRequest http)
    {
        http.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.From(Refusal);
    }

    // The same from each of the accounts.
    private static string HumanOf(Caller caller) =>
        caller
            .OtherAccounts.Append(caller.Principal.Username)
            .Select(name => name.ToLowerInvariant())
            .Min(StringComparer.Ordinal)!;
}
