using System.Text.Json;

namespace JitFunctions.Domain.Evidence;

/// <summary>
/// An event as the log has it. A value that was erased is missing in its data; where it was, a member <c>_sd</c> is
/// left.
/// </summary>
/// <param name="Index">The position in the log.</param>
/// <param name="Type">The stored name of the event.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Channel">Through which channel it was caused; null if that is not known.</param>
/// <param name="Data">Valid only while the event is looked at.</param>
public readonly record struct LoggedFact(long Index, string Type, DateTimeOffset At, string? Channel, JsonElement Data);
