namespace JitFunctions.Functions.Http;

/// <summary>Part of a list, and the cursor to the next part.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
