using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>Repeats a failed activity. Every wait is a durable timer, so that retries survive restarts too.</summary>
internal static class ActivityRetry
{
    public static async Task<string?> RunAsync(
        TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<string?>> attempt)
    {
        var begun = context.CurrentUtcDateTime;
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (TaskFailedException failed)
            {
                var elapsed = context.CurrentUtcDateTime - begun;
                if (retry?.Policy is { } policy)
                {
                    if (NextDelay(policy, number, elapsed, failed.FailureDetails) is not { } delay)
                        throw;
                    await context.CreateTimer(delay, CancellationToken.None);
                }
                else if (retry?.Handler is not { } handler
                    || !await handler(new RetryContext(context, number, failed.FailureDetails, elapsed, CancellationToken.None)))
                {
                    throw;
                }
            }
        }
    }

    /// <returns>Null when there must not be another attempt.</returns>
    internal static TimeSpan? NextDelay(RetryPolicy policy, int attempts, TimeSpan elapsed, TaskFailureDetails failure)
    {
        if (attempts >= policy.MaxNumberOfAttempts || !policy.Retries(failure))
            return null;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout)
            return null;

        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
        return milliseconds < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : longest;
    }
}
