using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs a function on a schedule: NCRONTAB of five fields, or six with seconds first; <c>%Key%</c> is read from the configuration.</summary>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Whether <see cref="TimerInfo.ScheduleStatus"/> is filled. The embedded host never replays a missed occurrence.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Also run once when a node starts.</summary>
    public bool RunOnStartup { get; set; }
}

public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Always false on the embedded host.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Occurrences in UTC.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
