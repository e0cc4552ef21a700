using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Tests.Samples.PolicySamples;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>A request that is about to be activated, and facts that are as they were at the decision.</summary>
internal static class ActivationSamples
{
    public static readonly ClusterFacts AsDecided = new(null, RoleRights, null);
    public static readonly PolicySet TheirPolicies = Set(Payments);

    /// <summary>Bob and Beth have approved what takes a lead and somebody of security.</summary>
    public static readonly AccessRequest Approved = Opened(Asking(OneLead, OneOfSecurity))
        .Approve(Bob)
        .Approve(Beth)
        .State;

    public static EligibilityFacts Facts() => Facts(Bob.Groups, Beth.Groups);

    public static EligibilityFacts Facts(IReadOnlyList<string>? bob, IReadOnlyList<string>? beth) =>
        new(
            TheirPolicies,
            ["payments-devs"],
            new Dictionary<string, IReadOnlyList<string>?>
            {
                [Bob.Principal.Subject] = bob,
                [Beth.Principal.Subject] = beth,
            },
            AsDecided,
            null
        );

    public static EligibilityFacts BobIn(params string[]? groups) => Facts(groups, Beth.Groups);

    public static EligibilityFacts BethIn(params string[] groups) => Facts(Bob.Groups, groups);

    public static EligibilityFacts NoReviewers() =>
        Facts() with
        {
            ReviewerGroups = new Dictionary<string, IReadOnlyList<string>?>(),
        };

    public static Eligibility Check(EligibilityFacts facts) => EligibilityCheck.Decide(Approved, facts, Noon);
}
