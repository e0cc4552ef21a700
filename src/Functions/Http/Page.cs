namespace JitFunctions.Functions.Http;

/// <summary>Part of a list, and where the next part begins.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
