using System.Text;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Domain.Tests.Requests.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

/// <summary>Every command in every status, held against a table that a reviewer reads at a glance.</summary>
public sealed class DecisionTableTests
{
    private static readonly DateTimeOffset Late = Noon.AddMinutes(30);

    private static readonly (string Name, AccessRequestCommand Command)[] Commands =
    [
        ("approve", new Review(Beth, Verdict.Approve, null, Late)),
        ("deny", new Review(Beth, Verdict.Deny, null, Late)),
        ("withdraw", new Withdraw(Alice, null, Late)),
        ("relinquish", new Relinquish(Alice, null, Late)),
        ("revoke", new Revoke(Carol, null, Late)),
        ("lapse", new Lapse(Noon.AddHours(4))),
        ("begin activation", new BeginActivation(Late)),
        ("delay activation", new DelayActivation("away", Late)),
        ("confirm activation", new ConfirmActivation(Late, [Binding], Late)),
        ("abandon activation", new AbandonActivation("gone", Late)),
        ("expire", new Expire(Late)),
        ("delay revocation", new DelayRevocation("away", Late)),
        ("confirm revocation", new ConfirmRevocation(Denied, Late)),
    ];

    [Fact]
    public void Every_command_in_every_status_does_what_the_table_says()
    {
        var expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Requests", "decision-table.md"));
        Assert.Equal(expected.Trim(), Table().Trim(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_final_request_stays_as_it_is_whatever_is_asked()
    {
        foreach (var status in Enum.GetValues<RequestStatus>().Where(status => status.IsFinal()))
        {
            foreach (var (_, command) in Commands)
                Assert.True(In(status).When(command) is Decision.Rejected or Decision.Accepted { Events: [] }, $"{command} in {status}");
        }
    }

    [Fact]
    public void The_table_has_every_command() =>
        Assert.Equal(
            typeof(AccessRequestCommand).GetNestedTypes().Where(type => type != typeof(ReportDrift)).OrderBy(type => type.Name),
            Commands.Select(row => row.Command.GetType()).Distinct().OrderBy(type => type.Name));

    private static string Table()
    {
        var statuses = Enum.GetValues<RequestStatus>();
        var table = new StringBuilder();
        table.AppendLine($"| | {string.Join(" | ", statuses)} |");
        table.AppendLine($"|---|{string.Concat(statuses.Select(_ => "---|"))}");
        foreach (var (name, command) in Commands)
            table.AppendLine($"| {name} | {string.Join(" | ", statuses.Select(status => Cell(In(status).When(command))))} |");
        return table.ToString();
    }

    private static string Cell(Decision decision) => decision switch
    {
        Decision.Rejected { Why: var why } => $"*{why.Code}*",
        Decision.Accepted { Events: [] } => "–",
        Decision.Accepted { Events: var events } => string.Join(", ", events.Select(e => e.GetType().Name)),
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };
}
