namespace JitFunctions.Functions.Monitoring;

/// <summary>The end of grants depends on this schedule: metrics and health tell whether it runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WatchedScheduleAttribute : Attribute;
