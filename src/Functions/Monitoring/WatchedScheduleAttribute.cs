namespace JitFunctions.Functions.Monitoring;

/// <summary>The end of grants depends on this schedule, so metrics and health checks report whether it runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WatchedScheduleAttribute : Attribute;
