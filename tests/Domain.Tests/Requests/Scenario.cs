using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Given events, when a command, then events or a refusal.</summary>
internal sealed class Scenario
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly Caller Alice = new(new("issuer#alice", "alice@example.com"), ["payments-devs"]);
    public static readonly Caller Bob = new(new("issuer#bob", "bob@example.com"), ["payments-leads"]);
    public static readonly Caller Beth = new(new("issuer#beth", "beth@example.com"), ["payments-leads", "security"]);
    public static readonly Caller Carol = new(new("issuer#carol", "carol@example.com"), ["platform-admins"], IsAdministrator: true);
    public static readonly Caller Mallory = new(new("issuer#mallory", "mallory@example.com"), []);

    public static readonly BindingRef Binding = new("payments", "jit-3f9k2m7xq0ab", "uid-1");
    public static readonly DenialProof Denied = new(DenialVerdict.Denied, "none");
    public static readonly RequestTerms Terms = new(
        new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")), TimeSpan.FromMinutes(30), "why", null);

    private AccessRequest _state;

    private Scenario(AccessRequest state) => _state = state;

    public AccessRequest State => _state;

    /// <summary>A request by Alice that waits for <paramref name="approvals"/> payments leads.</summary>
    public static Scenario Pending(int approvals = 1, bool automatic = false) =>
        new(AccessRequestDecider.Open(
                Alice, Terms, new PolicySnapshot("p", "v1", automatic, automatic ? [] : ["payments-leads"], approvals, TimeSpan.FromHours(4)), "f", Noon)
            .Aggregate((AccessRequest?)null, (state, e) => AccessRequest.Evolve("3f9k2m7xq0ab", state, e))!);

    public static Scenario In(RequestStatus status) => status switch
    {
        RequestStatus.Pending => Pending(),
        RequestStatus.Approved => Pending().Do(new AccessRequestCommand.Review(Bob, Verdict.Approve, null, Noon)),
        RequestStatus.Activating => In(RequestStatus.Approved).Do(new AccessRequestCommand.BeginActivation(Noon)),
        RequestStatus.Active => In(RequestStatus.Activating).Do(new AccessRequestCommand.ConfirmActivation(Noon.AddMinutes(30), [Binding], Noon)),
        RequestStatus.Ending => In(RequestStatus.Active).Do(new AccessRequestCommand.Expire(Noon.AddMinutes(30))),
        RequestStatus.Ended => In(RequestStatus.Ending).Do(new AccessRequestCommand.ConfirmRevocation(Denied, Noon.AddMinutes(30))),
        RequestStatus.Denied => Pending().Do(new AccessRequestCommand.Review(Bob, Verdict.Deny, null, Noon)),
        RequestStatus.Withdrawn => Pending().Do(new AccessRequestCommand.Withdraw(Alice, null, Noon)),
        RequestStatus.Lapsed => Pending().Do(new AccessRequestCommand.Lapse(Noon.AddHours(4))),
        RequestStatus.Failed => In(RequestStatus.Activating)
            .Do(new AccessRequestCommand.AbandonActivation("no such namespace", Noon)).Do(new AccessRequestCommand.ConfirmRevocation(Denied, Noon)),
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public Scenario Do(AccessRequestCommand command)
    {
        var accepted = Assert.IsType<Decision.Accepted>(AccessRequestDecider.Decide(_state, command));
        _state = accepted.Events.Aggregate(_state, (state, e) => AccessRequest.Evolve(state.Id, state, e)!);
        return this;
    }

    public Decision When(AccessRequestCommand command) => AccessRequestDecider.Decide(_state, command);

    public void ThenRefused(AccessRequestCommand command, string code) =>
        Assert.Equal(code, Assert.IsType<Decision.Rejected>(When(command)).Why.Code);

    public void ThenNothing(AccessRequestCommand command) => Assert.Empty(Assert.IsType<Decision.Accepted>(When(command)).Events);

    public void Then(AccessRequestCommand command, params Type[] events) =>
        Assert.Equal(events, Assert.IsType<Decision.Accepted>(When(command)).Events.Select(e => e.GetType()));
}
