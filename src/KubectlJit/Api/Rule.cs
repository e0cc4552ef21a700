namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// One rule as in a Kubernetes Role. Without groups it applies to the core group, without names to every object.
/// </summary>
internal sealed record Rule(
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string>? ApiGroups = null,
    IReadOnlyList<string>? Resources = null,
    IReadOnlyList<string>? ResourceNames = null,
    IReadOnlyList<string>? NonResourceUrls = null
);

/// <summary>Rules and the namespaces in which they apply. No namespaces means the whole cluster.</summary>
internal sealed record NamespacedRules(IReadOnlyList<Rule> Rules, IReadOnlyList<string>? Namespaces = null);

/// <summary>A right that leads to more rights.</summary>
/// <param name="Reach"><c>namespace</c> or <c>cluster</c>.</param>
/// <param name="BlastRadius">A description of the consequences.</param>
internal sealed record Danger(string Kind, string? Reach = null, string? BlastRadius = null);
