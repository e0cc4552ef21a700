using JitFunctions.Domain.Policies;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Notices;

/// <summary>Notifies the approvers of a grant of what outlives it.</summary>
public sealed class RemainingAccess(
    IDocumentStore store,
    SystemCommands commands,
    Notifier notifier,
    TimeProvider clock,
    ILogger<RemainingAccess> log
)
{
    private const string Type = "jit.access.remains";
    private const int MostInOneRun = 100;

    // The dossier has all.
    private const int MostDescribed = 10;

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(30);

    public async Task TellAllAsync(CancellationToken cancellation)
    {
        if (!notifier.IsConfigured)
            return;
        await using var session = store.LightweightSession();
        var until = clock.GetUtcNow() + LongestRun;
        foreach (var pending in await session.FindRemainsNotices(MostInOneRun, cancellation))
        {
            if (clock.GetUtcNow() > until)
                return;
            var request = await commands.ReadAsync(pending.Id, cancellation);
            if (request.Seal is not { } seal)
                continue;
            var notice = new RemainsNoticeBody(
                request.Id,
                request.Requester.Username,
                request.Terms.Scope.Cluster,
                request.Policy.ApprovalRequirements(),
                seal.RemainsCount,
                [
                    .. seal
                        .Remains.OrderBy(left => left.Certainty)
                        .Take(MostDescribed)
                        .Select(left => new RemainsNoticeItem(left.Describe(), JsonForm.Name(left.Certainty))),
                ]
            );
            if (await notifier.SendAsync($"{request.Id}-remains", Type, notice, cancellation) is { } failure)
                log.LogWarning("The approvers of {Request} were not told what remains: {Detail}", request.Id, failure);
            else
                await session.SettleRemainsNotice(pending.Id, cancellation);
        }
    }
}

/// <summary>The notice, as docs/api.md describes it.</summary>
/// <param name="Count">How much remains; <paramref name="Remains"/> has the first.</param>
internal sealed record RemainsNoticeBody(
    string Request,
    string Requester,
    string Cluster,
    IReadOnlyList<ApprovalRequirement> Approvers,
    int Count,
    IReadOnlyList<RemainsNoticeItem> Remains
);

/// <param name="Certainty"><c>certain</c>, <c>unknown</c> or <c>lowerBound</c>.</param>
internal sealed record RemainsNoticeItem(string What, string Certainty);
