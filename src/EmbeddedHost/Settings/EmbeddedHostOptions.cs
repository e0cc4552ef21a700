using System.ComponentModel.DataAnnotations;

namespace JitFunctions.EmbeddedHost.Settings;

/// <summary>The host's settings, from the section <c>EmbeddedHost</c> of the configuration.</summary>
public sealed record EmbeddedHostOptions
{
    public const string Section = "EmbeddedHost";

    /// <summary>
    /// How long an unresponsive node keeps its work (default 10 s). A node that dies loses it at once, because its
    /// connection ends. This limit is for a node that is paused or whose machine is gone.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan NodeLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an idle node polls for work that other nodes could not do (default 1 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The number of activities that one node runs at once (default 32).</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentActivities { get; init; } = 32;

    /// <summary>The number of orchestrations that one node replays at once (default 16).</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentOrchestrations { get; init; } = 16;

    /// <summary>How long finished instances can be read before they are purged (default 30 days).</summary>
    public TimeSpan RetainFinishedFor { get; init; } = TimeSpan.FromDays(30);
}
