using JitFunctions.Domain.Rights;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>A rule in a request body, written as in a Kubernetes role.</summary>
internal sealed record RuleBody
{
    public IReadOnlyList<string?>? ApiGroups { get; init; }

    public IReadOnlyList<string?>? Resources { get; init; }

    public IReadOnlyList<string?>? Verbs { get; init; }

    public IReadOnlyList<string?>? ResourceNames { get; init; }

    /// <summary>
    /// Without groups the rule means the core group; without names, or with an empty list, every object.
    /// </summary>
    public RbacRule Parse() =>
        new(
            ApiGroups is null ? [string.Empty] : Words(ApiGroups),
            Words(Resources),
            Words(Verbs),
            ResourceNames is [_, ..] ? Words(ResourceNames) : null
        );

    public static IReadOnlyList<RbacRule>? ParseAll(IReadOnlyList<RuleBody?>? rules) =>
        rules is null ? null : [.. rules.Select(rule => (rule ?? new()).Parse())];

    private static IReadOnlyList<string> Words(IReadOnlyList<string?>? words) =>
        [.. (words ?? []).Select(word => word ?? string.Empty)];
}
