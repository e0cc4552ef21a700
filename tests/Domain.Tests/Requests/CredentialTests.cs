using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Grants with a service account of their own, and the tokens of it.</summary>
public sealed class CredentialTests
{
    private static readonly DateTimeOffset Expiry = Noon.AddMinutes(30);

    [Fact]
    public void The_service_account_is_announced_before_it_is_made()
    {
        var approved = Ephemeral();
        approved.Then(
            new DecideActivation(new Eligibility.Go(approved.State.ScopeHash), Noon, "jit-access", "own"),
            new ActivationStarted(Noon, new("jit-access", $"jit-{Id}"), "own")
        );
        var begun = Ephemeral().Begin();
        Assert.Equal(new ServiceAccountRef("jit-access", $"jit-{Id}"), begun.State.ServiceAccount);
        Assert.Equal($"system:serviceaccount:jit-access:jit-{Id}", begun.State.ServiceAccount!.UserName());
        Assert.Equal(
            ["system:serviceaccounts", "system:serviceaccounts:jit-access", "system:authenticated"],
            begun.State.ServiceAccount.Groups()
        );
    }

    [Fact]
    public void The_announced_service_account_stays_the_one_of_the_grant_when_the_namespace_for_others_changes()
    {
        var begun = Ephemeral().Begin().State;
        Assert.Equal(
            new ServiceAccountRef("jit-access", $"jit-{Id}"),
            begun.Grant("alice", "elsewhere", Expiry).ServiceAccount
        );
        Assert.Equal(begun.Objects("jit-access"), begun.Objects("elsewhere"));
    }

    [Fact]
    public void An_identity_grant_has_no_service_account() =>
        Assert.Null(In(RequestStatus.Approved).Begin().State.ServiceAccount);

    [Fact]
    public void A_repeated_activation_does_not_change_the_service_account()
    {
        var begun = Ephemeral().Begin();
        begun.ThenNothing(new DecideActivation(new Eligibility.Go(begun.State.ScopeHash), Noon, "elsewhere"));
    }

    [Fact]
    public void The_requester_can_take_any_number_of_tokens_until_the_expiry()
    {
        var active = Ephemeral().Begin().Confirm();
        active.Then(new IssueCredential(Alice, Noon), new CredentialIssued(Alice.Principal, Expiry, Noon));
        active
            .Do(new IssueCredential(Alice, Noon))
            .Then(
                new IssueCredential(Alice, Expiry.AddTicks(-1)),
                new CredentialIssued(Alice.Principal, Expiry, Expiry.AddTicks(-1))
            );
        Assert.Equal(RequestStatus.Active, active.State.Status);
    }

    [Fact]
    public void A_token_ends_with_itself_or_with_the_grant()
    {
        IsGoodUntil(Noon.AddMinutes(10), tokenEnds: Noon.AddMinutes(10));
        IsGoodUntil(Expiry, tokenEnds: Expiry.AddTicks(1));
        IsGoodUntil(Expiry, tokenEnds: null);

        static void IsGoodUntil(DateTimeOffset expected, DateTimeOffset? tokenEnds) =>
            Ephemeral()
                .Begin()
                .Confirm()
                .Then(
                    new IssueCredential(Alice, Noon, tokenEnds),
                    new CredentialIssued(Alice.Principal, expected, Noon)
                );
    }

    [Fact]
    public void No_token_is_issued_at_the_expiry_even_before_the_grant_is_ended() =>
        Assert.Equal(
            RequestStatus.Active,
            Ephemeral().Begin().Confirm().ThenRefused(new IssueCredential(Alice, Expiry), "wrong-state").CurrentStatus
        );

    [Fact]
    public void A_token_after_an_extension_lasts_longer()
    {
        var active = Opened(
                Policy with
                {
                    Enforcement = Enforcement.Ephemeral,
                    Extension = new(TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), Reviewed: false),
                }
            )
            .Approve(Bob)
            .Begin()
            .Confirm()
            .Do(new Extend(Alice, TimeSpan.FromMinutes(20), "not done", null, Noon));
        active.Then(
            new IssueCredential(Alice, Expiry),
            new CredentialIssued(Alice.Principal, Expiry.AddMinutes(20), Expiry)
        );
    }

    [Fact]
    public void Only_the_requesters_own_account_gets_the_credential()
    {
        var active = Ephemeral().Begin().Confirm();
        Caller[] others =
        [
            Bob,
            Carol,
            Mallory,
            new(new("issuer#other", Alice.Principal.Username), Alice.Groups),
            new(new("issuer#admin", "alice.admin@example.com"), Alice.Groups)
            {
                OtherAccounts = [Alice.Principal.Username],
            },
            new(Principal.System, []),
        ];
        Assert.Each(others, other => active.ThenRefused(new IssueCredential(other, Noon), "not-the-requester"));
    }

    [Fact]
    public void No_token_is_issued_before_the_grant_is_active()
    {
        Opened(Policy with { Enforcement = Enforcement.Ephemeral })
            .ThenRefused(new IssueCredential(Alice, Noon), "wrong-state");
        Ephemeral().ThenRefused(new IssueCredential(Alice, Noon), "wrong-state");
        Ephemeral().Begin().ThenRefused(new IssueCredential(Alice, Noon), "wrong-state");
    }

    [Fact]
    public void No_token_is_issued_once_the_end_has_begun()
    {
        var ending = Ephemeral().Begin().Confirm().Do(new Revoke(Bob, null, Noon));
        ending.ThenRefused(new IssueCredential(Alice, Noon), "wrong-state");
        ending
            .Do(new ConfirmRevocation(DeniedProof, Noon))
            .ThenRefused(new IssueCredential(Alice, Noon), "wrong-state");
    }

    [Fact]
    public void No_token_is_issued_for_an_identity_grant() =>
        In(RequestStatus.Active).ThenRefused(new IssueCredential(Alice, Noon), "no-credential");

    [Fact]
    public void How_the_rights_are_given_is_part_of_what_reviewers_decide_about()
    {
        var (identity, ephemeral) = (Opened(Policy), Opened(Policy with { Enforcement = Enforcement.Ephemeral }));
        ephemeral.ThenRefused(identity.Approval(Bob), "scope-changed");
    }
}
