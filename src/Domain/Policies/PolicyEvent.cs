namespace JitFunctions.Domain.Policies;

/// <param name="Name">Relative to the folder.</param>
public sealed record PolicyFileText(string Name, string Content);

/// <summary>An event of the policies. All of them are in one stream.</summary>
public abstract record PolicyEvent
{
    private PolicyEvent() { }

    public const string Stream = "policies";

    /// <summary>From now on, this version of the policies applies to new requests.</summary>
    /// <param name="Version">Content hash, <c>sha256:…</c>.</param>
    /// <param name="Files">The complete content, so that the policies of any past day can be read.</param>
    /// <param name="Publisher">The publisher, as stated by the source.</param>
    /// <param name="Source">The source of the files.</param>
    /// <param name="Changes">The differences from the previous version, one line each.</param>
    public sealed record Published(
        string Version,
        IReadOnlyList<PolicyFileText> Files,
        string Publisher,
        string Source,
        IReadOnlyList<string> Changes,
        DateTimeOffset At
    ) : PolicyEvent;

    /// <summary>A new version is not valid. The previous version stays in force.</summary>
    /// <param name="Errors">One line each: <c>file:line:column: message</c>.</param>
    public sealed record Rejected(
        string Version,
        string Publisher,
        string Source,
        IReadOnlyList<string> Errors,
        DateTimeOffset At
    ) : PolicyEvent;
}
