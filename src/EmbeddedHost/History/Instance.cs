namespace JitFunctions.EmbeddedHost.History;

/// <param name="Execution">Counts up whenever the instance starts afresh; what belongs to an earlier execution is
/// void.</param>
internal sealed record Instance(
    string Id,
    string Name,
    string Version,
    int Execution,
    string? Input,
    string? CustomStatus
);
