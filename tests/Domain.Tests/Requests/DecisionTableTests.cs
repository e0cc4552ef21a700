using System.Text;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Tests.Samples;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Every command in every status, held against a table that a reviewer reads at a glance.</summary>
public sealed class DecisionTableTests
{
    private static readonly DateTimeOffset Soon = Noon.AddMinutes(10);
    private static readonly DateTimeOffset Late = Noon.AddMinutes(30);

    /// <summary>In what depends on the scope, the reviewer saw what is asked in the state at hand.</summary>
    private static readonly (string Name, Func<Scenario, AccessRequestCommand> Command)[] Commands =
    [
        ("approve", s => s.Approval(Beth) with { Now = Soon }),
        ("approve another scope", s => s.Approval(Beth) with { ScopeHash = "sha256:other", Now = Soon }),
        ("approve less", s => s.Approval(Beth, new(TimeSpan.FromMinutes(5), null, null)) with { Now = Soon }),
        ("approve more", s => s.Approval(Beth, new(TimeSpan.FromDays(1), null, null)) with { Now = Soon }),
        ("approve one's own", s => s.Approval(Alice with { Groups = ["payments-leads"] }) with { Now = Soon }),
        ("approve as administrator", s => s.Approval(Carol with { Groups = ["payments-leads"] }) with { Now = Soon }),
        ("approve as anybody", s => s.Approval(Mallory) with { Now = Soon }),
        ("approve again", s => s.Approval(Bob) with { Now = Soon }),
        (
            "approve, left the group",
            s => s.Approval(Beth) with { Now = Soon, Reviewers = s.Changed(Beth, Beth, "security") }
        ),
        (
            "approve, nobody can tell",
            s => s.Approval(Beth) with { Now = Soon, Reviewers = s.Changed(Beth, Beth, null) }
        ),
        ("approve, nobody was asked", s => s.Approval(Beth) with { Now = Soon, Reviewers = null }),
        (
            "deny, left the group",
            s =>
                s.Approval(Beth) with
                {
                    Verdict = Verdict.Deny,
                    Now = Soon,
                    Reviewers = s.Changed(Beth, Beth, "security"),
                }
        ),
        (
            "deny, nobody can tell",
            s => s.Approval(Beth) with { Verdict = Verdict.Deny, Now = Soon, Reviewers = s.Changed(Beth, Beth, null) }
        ),
        ("deny", s => s.Approval(Beth) with { Verdict = Verdict.Deny, Now = Soon }),
        ("withdraw", _ => new Withdraw(Alice, null, Soon)),
        ("relinquish", _ => new Relinquish(Alice, null, Soon)),
        ("revoke", _ => new Revoke(Carol, null, Soon)),
        ("revoke as anybody", _ => new Revoke(Mallory, null, Soon)),
        ("extend", _ => new Extend(Alice, TimeSpan.FromMinutes(20), "more", null, Soon)),
        ("extend, ineligible", _ => new Extend(Alice, TimeSpan.FromMinutes(20), "more", "gone", Soon)),
        ("take the credential", _ => new IssueCredential(Alice, Soon)),
        ("take somebody's credential", _ => new IssueCredential(Bob, Soon)),
        ("lapse", _ => new Lapse(Noon.AddHours(4))),
        ("begin activation", s => Begin(new Eligibility.Go(s.State.ScopeHash))),
        ("… of another scope", _ => Begin(new Eligibility.Go("sha256:other"))),
        ("… not yet", _ => Begin(new Eligibility.NotYet("away"))),
        ("… refused", _ => Begin(new Eligibility.Refuse("changed"))),
        ("… reviewers lost", _ => Begin(new Eligibility.ReviewersLost([Bob.Principal.Subject], "left"))),
        ("… too late", s => new DecideActivation(new Eligibility.Go(s.State.ScopeHash), Noon.AddDays(1))),
        ("delay activation", _ => new DelayActivation("away", Soon)),
        ("confirm activation", _ => new ConfirmActivation(Late, [Binding], Soon)),
        ("abandon activation", _ => new AbandonActivation("gone", Soon)),
        ("expire", _ => new Expire(Late)),
        ("delay revocation", _ => new DelayRevocation("away", Late)),
        ("confirm revocation", _ => new ConfirmRevocation(DeniedProof, Late)),
        (
            "report drift",
            _ => new ReportDrift(new(DriftKind.Edited, "payments", Binding.Name, "edited", DriftRemedy.Restored), Soon)
        ),
        ("compare the role, as approved", s => new CompareRights(s.State.Rights, Soon)),
        ("compare the role, grown", s => new CompareRights([.. s.State.Rights, More("configmaps", "list")], Soon)),
        ("compare the role, dangerous", s => new CompareRights([.. s.State.Rights, More("secrets", "get")], Soon)),
        ("record the first use", _ => new RecordFirstUse(Soon, "5e1f", "read pod payments/web-1", Late)),
        ("confirm notification", _ => new ConfirmNotification(["payments-leads"], Soon)),
        ("mark review overdue", _ => new MarkReviewOverdue(Noon.AddDays(1))),
    ];

    /// <summary>What is not told by the status alone.</summary>
    private static readonly (string Name, Func<Scenario> Given)[] Special =
    [
        ("Approved, before its start", Scheduled),
        ("Active, extension waits", ExtensionWaits),
        ("Active, ephemeral", () => Ephemeral().Begin().Confirm()),
        ("Approved by break-glass", BreakGlass),
        ("Active, review owed", () => BreakGlass().Begin().Confirm()),
        ("Active, review given", () => BreakGlass().Begin().Confirm().Approve(Bob)),
        (
            "Ended, review owed",
            () =>
                BreakGlass()
                    .Begin()
                    .Confirm()
                    .Do(new Relinquish(Alice, null, Noon))
                    .Do(new ConfirmRevocation(DeniedProof, Noon))
        ),
    ];

    [Fact]
    public void Every_command_in_every_status_does_what_the_table_says()
    {
        var (expected, actual) = (
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Requests", "decision-table.md")),
            Document()
        );
        Assert.True(expected.ReplaceLineEndings() == actual.ReplaceLineEndings(), $"The table is now:\n{actual}");
    }

    [Fact]
    public void A_final_request_stays_as_it_is_whatever_is_asked()
    {
        foreach (var status in Enum.GetValues<RequestStatus>().Where(status => status.IsFinal()))
        {
            var given = In(status);
            foreach (
                var (name, command) in Commands.Where(row => row.Name is not ("report drift" or "record the first use"))
            )
                Assert.True(
                    given.When(command(given)) is Decision.Rejected or Decision.Accepted { Events: [] },
                    $"{name} in {status}"
                );
        }
    }

    [Fact]
    public void Drift_is_recorded_in_any_status_and_changes_none()
    {
        foreach (var status in Enum.GetValues<RequestStatus>())
            Assert.Equal(
                status,
                In(status)
                    .Do(new ReportDrift(new(DriftKind.Stray, null, "x", "stray", DriftRemedy.Removed), Soon))
                    .State.Status
            );
    }

    [Fact]
    public void The_table_has_every_command() =>
        Assert.Equal(
            typeof(AccessRequestCommand).GetNestedTypes().OrderBy(type => type.Name),
            Commands.Select(row => row.Command(Pending()).GetType()).Distinct().OrderBy(type => type.Name)
        );

    private static NamespacedRules More(string resource, string verb) =>
        new(["payments"], [new RbacRule([""], [resource], [verb])]);

    private static DecideActivation Begin(Eligibility eligibility) => new(eligibility, Soon);

    private static string Document() =>
        $"""
            What each command leads to: events, nothing (–), or *a refusal*, where ✗ is *wrong-state*. One payments lead approves; extensions are reviewed.

            {Table([
                .. Enum.GetValues<RequestStatus>().Select(status =>
                    (status.ToString(), new Func<Scenario>(() => In(status)))
                ),
            ])}
            Where the status alone does not tell:

            {Table(Special)}
            """;

    private static string Table(IReadOnlyList<(string Name, Func<Scenario> Given)> columns)
    {
        var table = new StringBuilder();
        table.Append(Row("", columns.Select(column => column.Name)));
        table.Append($"|---|{string.Concat(columns.Select(_ => "---|"))}\n");
        foreach (var (name, command) in Commands)
            table.Append(
                Row(name, columns.Select(column => column.Given()).Select(given => Cell(given.When(command(given)))))
            );
        return table.ToString();
    }

    private static string Row(string name, IEnumerable<string> cells) => $"| {name} | {string.Join(" | ", cells)} |\n";

    private static string Cell(Decision decision) =>
        decision switch
        {
            Decision.Rejected { Why.Code: "wrong-state" } => "✗",
            Decision.Rejected { Why: var why } => $"*{why.Code}*",
            Decision.Accepted { Events: [] } => "–",
            Decision.Accepted { Events: var events } => string.Join(", ", events.Select(e => e.GetType().Name)),
            _ => throw new ArgumentOutOfRangeException(nameof(decision)),
        };
}
