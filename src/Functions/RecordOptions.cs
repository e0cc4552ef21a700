using JitFunctions.Domain.Record;

namespace JitFunctions.Functions;

/// <summary>How readings of the record are recorded, how long actions are kept, and what is on legal hold.</summary>
internal sealed record RecordOptions
{
    public const string Section = "Record";

    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestKeep = TimeSpan.FromDays(1);

    /// <summary>For how long one recorded reading stands for further ones of the same reader and filters.</summary>
    public TimeSpan ReadingInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long recorded actions are kept; null if for ever.</summary>
    public TimeSpan? KeepActions { get; init; }

    /// <summary>The ids of requests, and the subjects or user names of people, that must be kept as they are.</summary>
    public string[] HeldRequests { get; init; } = [];

    public string[] HeldPeople { get; init; } = [];

    /// <summary>Nothing may be erased or deleted.</summary>
    public bool HoldEverything { get; init; }

    public LegalHold Hold => new(HeldRequests, HeldPeople, HoldEverything);

    public IEnumerable<string> Errors()
    {
        if (ReadingInterval <= TimeSpan.Zero || ReadingInterval > LongestInterval)
            yield return "Record:ReadingInterval must be more than 0 and at most 01:00:00: write it as '00:05:00'.";
        if (KeepActions < ShortestKeep)
            yield return "Record:KeepActions must be at least one day: write 400 days as '400.00:00:00'.";
        if (HeldRequests.Concat(HeldPeople).Any(string.IsNullOrWhiteSpace))
            yield return "Record:HeldRequests and Record:HeldPeople must not have an empty entry.";
    }
}
