namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// One rule as in a Kubernetes role. Without groups it means the core group, without names every object.
/// </summary>
internal sealed record Rule(
    IReadOnlyList<string> Verbs,
    IReadOnlyList<string>? ApiGroups = null,
    IReadOnlyList<string>? Resources = null,
    IReadOnlyList<string>? ResourceNames = null,
    IReadOnlyList<string>? NonResourceUrls = null
);

/// <summary>Rules, and where they hold: in these namespaces, or without any in the whole cluster.</summary>
internal sealed record NamespacedRules(IReadOnlyList<Rule> Rules, IReadOnlyList<string>? Namespaces = null);

/// <summary>Something in the rights that leads to more rights.</summary>
/// <param name="Reach"><c>namespace</c> or <c>cluster</c>.</param>
/// <param name="BlastRadius">What it leads to, in plain words.</param>
internal sealed record Danger(string Kind, string? Reach = null, string? BlastRadius = null);
