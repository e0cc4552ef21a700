namespace JitFunctions.Domain.Grants;

public enum AlarmLevel
{
    Warning,
    Error,
    Critical,
}

public static class Alarms
{
    /// <summary>Rights that outlive their end are alarming from the third try, and critical from ten minutes.</summary>
    public static AlarmLevel For(int attempt, TimeSpan overdue) =>
        overdue >= TimeSpan.FromMinutes(10) ? AlarmLevel.Critical
        : attempt >= 3 ? AlarmLevel.Error
        : AlarmLevel.Warning;
}
