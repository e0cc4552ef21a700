using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Record;

/// <summary>
/// An event about the record itself: who read it, and what was removed from it. Each has a stream of its own.
/// </summary>
public abstract record RecordEvent
{
    private RecordEvent() { }

    public abstract DateTimeOffset At { get; init; }

    /// <summary>Somebody asked for records of others. The event is stored before the answer is sent.</summary>
    /// <param name="By">The reader.</param>
    /// <param name="Call">The name of the call, such as <c>ReplayAudit</c>.</param>
    /// <param name="Request">The request whose records were read; absent if the call names none.</param>
    /// <param name="Query">The filters, such as <c>cluster=demo&amp;since=2026-03-01</c>, without the position.</param>
    /// <param name="From">The sequence number after which the reader began; absent if the call has none.</param>
    public sealed record Read(
        Principal By,
        string Call,
        DateTimeOffset At,
        string? Request = null,
        string? Query = null,
        long? From = null
    ) : RecordEvent;

    /// <summary>Recorded actions were deleted, because they were older than they have to be kept.</summary>
    /// <param name="By">The operator.</param>
    /// <param name="Before">Everything received before this time was deleted, unless a legal hold covers it.</param>
    /// <param name="Held">How many were kept for a legal hold only.</param>
    public sealed record Pruned(
        Principal By,
        DateTimeOffset Before,
        long Actions,
        long Gaps,
        long Counts,
        long Held,
        DateTimeOffset At
    ) : RecordEvent;

    /// <summary>A person was erased: personal values were replaced, and their disclosures deleted.</summary>
    /// <param name="By">The operator.</param>
    /// <param name="Placeholder">What stands in place of the values.</param>
    /// <param name="Events">How many events have replaced values.</param>
    /// <param name="Disclosures">How many disclosures were deleted from the log.</param>
    /// <param name="Actions">How many actions and gaps have replaced values.</param>
    public sealed record PersonErased(
        Principal By,
        string Placeholder,
        string Reason,
        long Events,
        long Disclosures,
        long Actions,
        DateTimeOffset At
    ) : RecordEvent;
}
