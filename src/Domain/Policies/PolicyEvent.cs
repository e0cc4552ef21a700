namespace JitFunctions.Domain.Policies;

/// <param name="Name">Relative to the folder.</param>
public sealed record PolicyFileText(string Name, string Content);

/// <summary>What happened to the policies; one stream for all of them.</summary>
public abstract record PolicyEvent
{
    private PolicyEvent() { }

    public const string Stream = "policies";

    /// <summary>From here on this version decides about new requests.</summary>
    /// <param name="Version">Content hash, <c>sha256:…</c>.</param>
    /// <param name="Files">All of it, so that the policies of any past day can be read.</param>
    /// <param name="Publisher">Who, as the source itself says.</param>
    /// <param name="Source">Where it came from.</param>
    /// <param name="Changes">What is different from the version before, one line each.</param>
    public sealed record Published(
        string Version,
        IReadOnlyList<PolicyFileText> Files,
        string Publisher,
        string Source,
        IReadOnlyList<string> Changes,
        DateTimeOffset At
    ) : PolicyEvent;

    /// <summary>A new version is not valid; the one before stays in force.</summary>
    /// <param name="Errors">One line each: <c>file:line:column: message</c>.</param>
    public sealed record Rejected(
        string Version,
        string Publisher,
        string Source,
        IReadOnlyList<string> Errors,
        DateTimeOffset At
    ) : PolicyEvent;
}
