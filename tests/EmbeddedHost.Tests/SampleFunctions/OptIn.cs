namespace JitFunctions.EmbeddedHost.Tests.SampleFunctions;

/// <summary>
/// Functions that a host has only in the tests that switch them on, with <c>("AzureWebJobs.{name}.Disabled",
/// "false")</c>: a host that has one does not start, or does something at its start.
/// </summary>
public static class OptIn
{
    public static readonly string[] Functions =
    [
        nameof(Unsupported.Counter),
        nameof(Keyed.NeedsKey),
        nameof(TimerFunctions.AtStart),
        nameof(TimerFunctions.AtStartUnwatched),
        nameof(TimerFunctions.EverySecond),
        nameof(TimerFunctions.Broken),
        nameof(TimerFunctions.NowAndThen),
        nameof(TimerFunctions.FromSetting),
    ];

    public static (string Key, string Value) With(string function) => ($"AzureWebJobs.{function}.Disabled", "false");
}
