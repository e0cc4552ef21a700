namespace JitFunctions.Functions;

/// <summary>How readings of the record are recorded, how long actions are kept, and what is on legal hold.</summary>
internal sealed record RecordOptions
{
    public const string Section = "Record";

    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    /// <summary>For how long one recorded reading stands for further ones of the same reader and filters.</summary>
    public TimeSpan ReadingInterval { get; init; } = TimeSpan.FromMinutes(5);

    public IEnumerable<string> Errors()
    {
        if (ReadingInterval <= TimeSpan.Zero || ReadingInterval > LongestInterval)
            yield return "Record:ReadingInterval must be more than 0 and at most 01:00:00: write it as '00:05:00'.";
    }
}
