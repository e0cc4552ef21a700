using System.Collections.Concurrent;
using CsCheck;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Rights;
using static JitFunctions.Domain.Requests.AccessRequestCommand;

namespace JitFunctions.Domain.Tests.Requests.Sequences;

/// <summary>What must hold after any sequence of commands by anybody, at any times.</summary>
public sealed class RequestSequenceTests
{
    private const int Worlds = 3_000;

    private static readonly RequestStatus[] Granted =
    [
        RequestStatus.Approved,
        RequestStatus.Activating,
        RequestStatus.Active,
    ];

    [Fact]
    public void Nobody_is_ever_active_without_a_decision_on_exactly_that_by_enough_other_people() =>
        Always(
            (world, moment, decided) =>
            {
                var state = moment.After;
                if (!Granted.Contains(state.Status))
                    return;
                Assert.Equal(
                    ScopeHash.Of(world.Requester.Principal, state.Terms, state.Rights, world.Snapshot),
                    state.ScopeHash
                );
                Assert.True(
                    world.IsAutomatic
                        || (world.Terms.BreakGlass && state.PostReview is not null)
                        || decided.IsEnough(decided.ToRequest, state.ScopeHash)
                );
            }
        );

    [Fact]
    public void Only_what_was_checked_at_activation_is_activated() =>
        Always(
            (world, moment, _) =>
            {
                if (
                    moment
                    is not { Before.Status: not RequestStatus.Activating, After.Status: RequestStatus.Activating }
                )
                    return;
                var begin = Assert.IsType<DecideActivation>(moment.Command);
                Assert.Equal(new Eligibility.Go(moment.After.ScopeHash), begin.Eligibility);
                Assert.True(!(begin.Now < world.Terms.Start) && begin.Now < moment.Before.ActivateBy);
            }
        );

    [Fact]
    public void Activation_needs_an_eligible_requester_and_eligible_approvers() =>
        Always(
            (world, moment, decided) =>
            {
                if (
                    moment
                    is not {
                        Facts: { } facts,
                        Before.Status: RequestStatus.Approved,
                        Command: DecideActivation { Eligibility: var eligibility }
                    }
                )
                    return;
                var standing = Decided.Standing(decided.ToRequest, facts.ReviewerGroups, facts.LinkedGroups);
                var open =
                    world.Policy.Times.Hours?.OpenUntil(moment.Command.Now) is not null
                    || world.Policy.Times.Hours is null;
                var may =
                    facts.RequesterGone is null
                    && facts.RequesterGroups is [People.Requesters]
                    && facts.Cluster.Rights == moment.Before.Rights
                    && open
                    && (
                        world.IsAutomatic
                        || world.Terms.BreakGlass
                        || decided.IsEnough(standing, moment.Before.ScopeHash)
                    );
                Assert.Equal(may, eligibility is Eligibility.Go);
            }
        );

    [Fact]
    public void What_is_asked_only_ever_becomes_less_and_only_by_a_reviewer_before_the_decision() =>
        Always(
            (_, moment, _) =>
            {
                var (was, now) = (moment.Before.Terms, moment.After.Terms);
                if (was == now && moment.Before.Rights == moment.After.Rights)
                    return;
                Assert.True(
                    moment is { Before.Status: RequestStatus.Pending, Command: Review { Verdict: Verdict.Approve } }
                );
                Assert.Equal(was with { Scope = now.Scope, Duration = now.Duration }, now);
                Assert.Equal(was.Scope with { Namespaces = now.Scope.Namespaces, Rules = now.Scope.Rules }, now.Scope);
                Assert.True(
                    now.Duration <= was.Duration
                        && now.Scope.Namespaces is [_, ..]
                        && !now.Scope.Namespaces.Except(was.Scope.Namespaces).Any()
                );
                Assert.Each(
                    moment.After.Rights,
                    placed => Assert.Equal(now.Scope.Namespaces.Order(), placed.Namespaces.Order())
                );
                // The rules may allow none of these accesses.
                Assert.All(
                    Gens.Accesses.Where(access =>
                        moment.After.Rights.Any(placed => RuleCoverage.Allows(placed.Rules, access))
                    ),
                    access =>
                        Assert.Contains(moment.Before.Rights, placed => RuleCoverage.Allows(placed.Rules, access)),
                    throwIfEmpty: false
                );
            }
        );

    [Fact]
    public void A_grant_never_lasts_longer_than_was_decided_nor_than_its_total_nor_than_its_hours() =>
        Always(
            (world, moment, _) =>
            {
                if (
                    moment.After
                    is not { ActivatedAt: { } activatedAt, ExpiresAt: { } expiresAt, Terms.Duration: var duration }
                )
                    return;
                var total = world.Policy.Extension is { } rule && rule.Total > duration ? rule.Total : duration;
                Assert.True(activatedAt < expiresAt && expiresAt <= activatedAt + total);
                Assert.True(world.Policy.Times.Hours is not { } hours || expiresAt <= hours.OpenUntil(activatedAt));
            }
        );

    [Fact]
    public void The_end_of_a_grant_moves_only_by_an_extension_that_comes_before_it() =>
        Always(
            (world, moment, decided) =>
            {
                if (moment.Before.ExpiresAt is not { } was || moment.After.ExpiresAt == was)
                    return;
                Assert.True(
                    moment.Before.Status is RequestStatus.Active
                        && moment.Command!.Now < was
                        && moment.Before.PostReview is null
                );
                Assert.True(moment.After.ExpiresAt - was <= world.Policy.Extension!.MaxDuration);
                if (moment.Command is Extend extend)
                    Assert.True(
                        !world.Policy.Extension.Reviewed
                            && !world.IsAutomatic
                            && extend.By.Principal == world.Requester.Principal
                            && extend.Ineligible is null
                    );
                else
                    Assert.True(
                        moment.Command is Review { Ineligible: null, Reviewers: { } facts }
                            && decided.IsEnough(
                                Decided.Standing(decided.ToExtension, facts.Groups, facts.LinkedGroups),
                                moment.Before.Extension!.ScopeHash
                            )
                    );
            }
        );

    [Fact]
    public void At_its_end_a_grant_ends() =>
        Always(
            (_, moment, _) =>
            {
                if (moment is { Before: { Status: RequestStatus.Active } before, Command: Expire expire })
                    Assert.Equal(expire.Now >= before.ExpiresAt, moment.After.Status is RequestStatus.Ending);
                if (moment is { Before.Status: not RequestStatus.Active, After.Status: RequestStatus.Active })
                    Assert.True(moment.Command!.Now < moment.After.ExpiresAt);
            }
        );

    [Fact]
    public void Only_the_account_that_asked_is_handed_a_credential_and_none_beyond_the_end_of_its_grant() =>
        Always(
            (world, moment, _) =>
            {
                foreach (var issued in moment.Events.OfType<AccessRequestEvent.CredentialIssued>())
                {
                    Assert.Equal(
                        (RequestStatus.Active, Enforcement.Ephemeral),
                        (moment.Before.Status, world.Policy.Enforcement)
                    );
                    Assert.Equal(
                        world.Requester.Principal,
                        Assert.IsType<IssueCredential>(moment.Command).By.Principal
                    );
                    Assert.True(moment.Command.Now < issued.ExpiresAt && issued.ExpiresAt == moment.Before.ExpiresAt);
                }
            }
        );

    [Fact]
    public void No_review_by_the_requester_under_any_account_or_by_an_administrator_does_anything() =>
        Always(
            (world, moment, _) =>
            {
                if (
                    moment.Command is Review { By: var by }
                    && (
                        People.HumanOf(by.Principal) == People.HumanOf(world.Requester.Principal)
                        || by.Groups.Contains(People.Administrators)
                    )
                )
                    Assert.Empty(moment.Events);
            }
        );

    [Fact]
    public void No_review_of_anything_but_what_is_asked_does_anything() =>
        Always(
            (_, moment, _) =>
            {
                if (
                    moment.Command is Review review
                    && review.ScopeHash != (moment.Before.Extension?.ScopeHash ?? moment.Before.ScopeHash)
                )
                    Assert.Empty(moment.Events);
            }
        );

    [Fact]
    public void A_denial_ends_a_request() =>
        Always(
            (_, moment, _) =>
            {
                if (
                    moment is
                    { Before.Status: RequestStatus.Pending, Command: Review { Verdict: Verdict.Deny }, Events: [_, ..] }
                )
                    Assert.Equal(RequestStatus.Denied, moment.After.Status);
            }
        );

    [Fact]
    public void A_final_status_never_changes() =>
        Always((_, moment, _) => Assert.True(!moment.Before.IsFinal || moment.After.Status == moment.Before.Status));

    [Fact]
    public void Rights_that_may_be_in_the_cluster_are_only_let_go_by_a_confirmed_revocation() =>
        Always(
            (_, moment, _) =>
            {
                if (moment.Before.Status.MayHoldRights() && !moment.After.Status.MayHoldRights())
                    Assert.IsType<ConfirmRevocation>(moment.Command);
            }
        );

    [Fact]
    public void What_break_glass_owes_is_only_ended_by_those_who_were_skipped() =>
        Always(
            (world, moment, decided) =>
            {
                Assert.Equal(world.Terms.BreakGlass, moment.After.PostReview is not null);
                if (moment is not { Before.PostReview: { } was, After.PostReview: { } now })
                    return;
                Assert.Equal(was.ReviewBy, now.ReviewBy);
                Assert.True(!was.IsConcluded || now.IsConcluded);
                if (was.IsConcluded || !now.IsConcluded)
                    return;
                var review = Assert.IsType<Review>(moment.Command);
                Assert.True(
                    review.Verdict is Verdict.Deny
                        ? review
                            .By.Groups.Intersect(
                                world.Policy.Approval.Requirements.SelectMany(requirement => requirement.Groups)
                            )
                            .Any()
                        : decided.IsEnough(
                            Decided.Standing(
                                decided.ToBreakGlass,
                                review.Reviewers!.Groups,
                                review.Reviewers.LinkedGroups
                            ),
                            moment.Before.ScopeHash
                        )
                );
            }
        );

    [Fact]
    public void What_is_overdue_stays_so_and_what_comes_late_was() =>
        Always(
            (_, moment, _) =>
            {
                if (moment is not { Before.PostReview: { } was, After.PostReview: { } now, Command: { } command })
                    return;
                Assert.True(!was.IsOverdue || now.IsOverdue);
                Assert.True(was.IsOverdue || !now.IsOverdue || command.Now >= now.ReviewBy);
                if (
                    was is { IsConcluded: false }
                    && command.Now >= was.ReviewBy
                    && (now.IsConcluded || command is MarkReviewOverdue)
                )
                    Assert.True(now.IsOverdue);
            }
        );

    [Fact]
    public void The_sequences_lead_to_everything_that_can_happen()
    {
        var happened = new ConcurrentDictionary<Type, int>();
        Always(
            (_, moment, _) =>
            {
                foreach (var e in moment.Events)
                    happened.AddOrUpdate(e.GetType(), 1, (_, times) => times + 1);
            }
        );
        Assert.Equal(
            typeof(AccessRequestEvent)
                .GetNestedTypes()
                .Where(type => type != typeof(AccessRequestEvent.Requested))
                .OrderBy(type => type.Name),
            happened.Keys.OrderBy(type => type.Name)
        );
    }

    private static void Always(Action<World, SequenceStep, Decided> holds) =>
        World.Any.Sample(
            world =>
            {
                var decided = Decided.Nothing(world);
                foreach (var moment in world.Play())
                {
                    decided = decided.After(moment);
                    holds(world, moment, decided);
                }
            },
            iter: Worlds
        );
}
