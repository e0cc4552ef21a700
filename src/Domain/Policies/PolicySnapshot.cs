namespace JitFunctions.Domain.Policies;

/// <summary>The rule that covered a request when it was made. A later change of policy alters no running request.</summary>
/// <param name="Version">Content hash of the policy file in force, <c>sha256:…</c>.</param>
public sealed record PolicySnapshot(
    string Name, string Version, bool Automatic, IReadOnlyList<string> ApproverGroups, int RequiredApprovals, TimeSpan PendingWindow);
