using System.Text.Json;

namespace JitFunctions.KubectlJit.Api;

internal sealed record PolicyOffers(IReadOnlyList<PolicyOffer> Items);

/// <summary>
/// What the caller may request under one policy. Conditions with their own JSON structure are shown as the server sends
/// them.
/// </summary>
internal sealed record PolicyOffer(
    string Policy,
    string? Source = null,
    IReadOnlyList<string>? Clusters = null,
    IReadOnlyList<string>? Namespaces = null,
    JsonElement? NamespaceLabels = null,
    bool ClusterWide = false,
    JsonElement? Roles = null,
    IReadOnlyList<Rule>? Rules = null,
    string? MaxDuration = null,
    string? DefaultDuration = null,
    JsonElement? ScheduledStart = null,
    JsonElement? Hours = null,
    JsonElement? Reason = null,
    JsonElement? Ticket = null,
    JsonElement? Automatic = null,
    IReadOnlyList<Requirement>? Requirements = null,
    JsonElement? BreakGlass = null,
    JsonElement? Extension = null
);

/// <summary>The result of the policies for a request that is only simulated.</summary>
internal sealed record Simulation(
    bool Covered,
    string? Code = null,
    string? Detail = null,
    string? Policy = null,
    string? Source = null,
    string? Duration = null,
    bool Automatic = false,
    IReadOnlyList<Requirement>? Requirements = null,
    IReadOnlyList<Danger>? Dangers = null,
    IReadOnlyList<PolicyVerdict>? Verdicts = null
);

internal sealed record PolicyVerdict(
    string Policy,
    bool Covers,
    string? Source = null,
    IReadOnlyList<PolicyMismatch>? Excess = null
);

/// <summary>A part of a request that a policy does not cover.</summary>
/// <param name="Unresolved">True when it cannot be determined whether the policy covers it.</param>
internal sealed record PolicyMismatch(
    string Message,
    string? Field = null,
    string? Source = null,
    bool Unresolved = false
);

/// <param name="Unresolved">What could not be determined; people may be missing from the answer.</param>
internal sealed record RightHolders(IReadOnlyList<RightHolder> Items, IReadOnlyList<string>? Unresolved = null);

/// <summary>The people who can get a right under one policy, and by which role or rules.</summary>
internal sealed record RightHolder(
    string Policy,
    string? Source = null,
    IReadOnlyList<string>? Groups = null,
    IReadOnlyList<string>? Users = null,
    IReadOnlyList<string>? ExceptGroups = null,
    IReadOnlyList<string>? ExceptUsers = null,
    IReadOnlyList<string>? By = null,
    JsonElement? Automatic = null,
    IReadOnlyList<Requirement>? Requirements = null
);

internal sealed record PolicyVersions(IReadOnlyList<PolicyVersion> Items);

/// <summary>One version of the policy files: published, or rejected because of its errors.</summary>
internal sealed record PolicyVersion(
    string Version,
    DateTimeOffset? PublishedAt = null,
    DateTimeOffset? RejectedAt = null,
    string? Publisher = null,
    string? Source = null,
    IReadOnlyList<string>? Changes = null,
    IReadOnlyList<string>? Errors = null,
    IReadOnlyList<PolicyFile>? Files = null,
    IReadOnlyList<string>? Warnings = null
);

internal sealed record PolicyFile(string Name, string Content);
