namespace JitFunctions.Functions.Lifecycle;

/// <summary>The delay before a cluster is tried again: 1 s, doubled with each try, at most a minute.</summary>
internal static class Backoff
{
    private const int MostDoublings = 6;
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static TimeSpan After(int failedAttempts)
    {
        var wait = TimeSpan.FromSeconds(1 << Math.Min(failedAttempts - 1, MostDoublings));
        return wait < Longest ? wait : Longest;
    }
}
