using System.Globalization;

namespace JitFunctions.KubectlJit.Output;

internal static class Timestamps
{
    public static string Exact(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Ago(DateTimeOffset at, DateTimeOffset now) => $"{Exact(at)} ({Durations.Human(now - at)} ago)";

    public static string Left(DateTimeOffset at, DateTimeOffset now) =>
        at > now ? $"{Exact(at)} (in {Durations.Human(at - now)})" : Ago(at, now);
}
