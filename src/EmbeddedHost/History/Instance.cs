namespace JitFunctions.EmbeddedHost.History;

/// <param name="Execution">Increases each time the instance restarts. Data of an earlier execution is ignored.</param>
internal sealed record Instance(
    string Id,
    string Name,
    string Version,
    int Execution,
    string? Input,
    string? CustomStatus
);
