using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Domain.Policies;

/// <summary>All policies in force, in the order of the file. What none of them covers is refused.</summary>
public sealed record PolicySet(
    string Version, IReadOnlyList<string> Administrators, IReadOnlyList<string> Auditors, IReadOnlyList<AccessPolicy> Policies)
{
    /// <summary>The first policy that covers the whole request, or why none does.</summary>
    /// <returns>Either member is null, never both.</returns>
    public (PolicySnapshot? Covered, Rejection? Refused) Find(Caller caller, RequestTerms terms)
    {
        var applicable = Policies.Where(policy => policy.AppliesTo(caller)).ToList();
        return applicable.Find(policy => !policy.Excess(terms).Any()) is { } covering
            ? (covering.Snapshot(Version), null)
            : (null, Rejection.NotCovered(Explain(applicable, terms)));
    }

    // Policies for other people are not mentioned: they are nobody else's business.
    private static string Explain(List<AccessPolicy> applicable, RequestTerms terms) => applicable.Count == 0
        ? "No policy lets you or your groups ask for anything. Ask the platform team to be included in one."
        : "No policy covers all of it. Yours allow: "
            + string.Join("; ", applicable.Select(policy => $"{policy.Name} ({string.Join(", ", policy.Excess(terms))})")) + ".";
}
