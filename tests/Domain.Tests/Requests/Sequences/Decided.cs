using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;

namespace JitFunctions.Domain.Tests.Requests.Sequences;

/// <summary>A human's consent to exactly one scope.</summary>
internal sealed record Consent(
    string Human,
    string Subject,
    string ScopeHash,
    IReadOnlyList<string> Groups,
    bool IsAdministrator
);

/// <summary>Who has agreed to what, told by the commands alone and not by the state that the decider keeps.</summary>
internal sealed record Decided(
    World World,
    IReadOnlyList<Consent> ToRequest,
    IReadOnlyList<Consent> ToExtension,
    IReadOnlyList<Consent> ToBreakGlass
)
{
    public static Decided Nothing(World world) => new(world, [], [], []);

    public Decided After(SequenceStep moment) =>
        moment switch
        {
            { Events: [] } => this,
            { Command: Review { Verdict: Verdict.Approve } review, Before: var before } => before switch
            {
                // A narrowing is an approval of what it leaves.
                { Status: RequestStatus.Pending } => this with
                {
                    ToRequest =
                    [
                        .. ToRequest,
                        Of(review, review.Narrowing is null ? review.ScopeHash : moment.After.ScopeHash),
                    ],
                },
                { Extension: not null } => this with { ToExtension = [.. ToExtension, Of(review, review.ScopeHash)] },
                _ => this with { ToBreakGlass = [.. ToBreakGlass, Of(review, review.ScopeHash)] },
            },
            {
                Command: DecideActivation { Eligibility: Eligibility.ReviewersLost lost },
                After.Status: RequestStatus.Pending
            } => this with
            {
                ToRequest = [.. ToRequest.Where(consent => !lost.Reviewers.Contains(consent.Subject))],
            },
            _ => this,
        };

    /// <summary>Whether the policy's requirements are met by people of whom each agreed to exactly this.</summary>
    public bool IsEnough(IReadOnlyList<Consent> consents, string scopeHash) =>
        Fill(
            [
                .. World.Policy.Approval.Requirements.SelectMany(requirement =>
                    Enumerable.Repeat(requirement, requirement.Count)
                ),
            ],
            [
                .. consents.Where(consent =>
                    consent.ScopeHash == scopeHash
                    && !consent.IsAdministrator
                    && consent.Human != People.HumanOf(World.Requester.Principal)
                ),
            ]
        );

    // Every way to give the places to humans, each at most one.
    private static bool Fill(IReadOnlyList<ApprovalRequirement> places, IReadOnlyList<Consent> consents) =>
        places is []
        || consents
            .Where(consent => consent.Groups.Intersect(places[0].Groups).Any())
            .Any(consent => Fill([.. places.Skip(1)], [.. consents.Where(other => other.Human != consent.Human)]));

    /// <summary>
    /// What is left of consents by what the directory says of those who gave them; of whom it cannot tell, nothing.
    /// </summary>
    public static IReadOnlyList<Consent> Standing(
        IEnumerable<Consent> consents,
        IReadOnlyDictionary<string, IReadOnlyList<string>?> groups,
        IReadOnlyDictionary<string, IReadOnlyList<string>?> linked
    ) =>
        [
            .. consents.Select(consent =>
                consent with
                {
                    Groups = [.. consent.Groups.Intersect(groups.GetValueOrDefault(consent.Subject) ?? [])],
                    IsAdministrator =
                        groups.GetValueOrDefault(consent.Subject)?.Contains(People.Administrators) != false
                        || People
                            .OthersOf(consent.Subject)
                            .Any(other =>
                                linked.GetValueOrDefault(other.ToLowerInvariant())?.Contains(People.Administrators)
                                != false
                            ),
                }
            ),
        ];

    private static Consent Of(Review review, string scopeHash) =>
        new(
            People.HumanOf(review.By.Principal),
            review.By.Principal.Subject,
            scopeHash,
            HeldAtReview(review),
            review.By.Groups.Contains(People.Administrators)
        );

    // A group counts for a review only if the token and, where it can tell, the directory named it at that time.
    private static IReadOnlyList<string> HeldAtReview(Review review) =>
        review.Reviewers?.Groups.GetValueOrDefault(review.By.Principal.Subject) is { } then
            ? [.. review.By.Groups.Intersect(then)]
            : review.By.Groups;
}
