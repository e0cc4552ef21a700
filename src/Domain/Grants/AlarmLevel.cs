namespace JitFunctions.Domain.Grants;

public enum AlarmLevel
{
    Warning,
    Error,
    Critical,
}

public static class Alarms
{
    /// <summary>
    /// The level for rights that still exist after their end: error from the third attempt, critical after ten minutes.
    /// </summary>
    public static AlarmLevel For(int attempt, TimeSpan overdue) =>
        overdue >= TimeSpan.FromMinutes(10) ? AlarmLevel.Critical
        : attempt >= 3 ? AlarmLevel.Error
        : AlarmLevel.Warning;
}
