using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Reports on standard error, line by line, what has changed in a request since the last report.</summary>
/// <param name="last">The version that the user has already seen, if any.</param>
internal sealed class Progress(Shell shell, AccessRequest? last = null)
{
    private AccessRequest? _last = last;

    public void Tell(AccessRequest now)
    {
        TellReviews(now, now.Reviews, _last?.Reviews);
        if (_last is null && now.Status is Status.Pending)
            TellDangers(now);
        if (_last is null && now.AlreadyHeld is { } held)
            Line(now, $"already held: {Sentences.Of(held)}");
        if (now.Status != _last?.Status)
            TellStatus(now);
        else if (now.Scope != _last.Scope || Counting(now) != Counting(_last))
            TellChanged(now);
        if (now.BreakGlass is { } breakGlass)
            TellBreakGlass(now, breakGlass);
        TellExtension(now);
        if (now.Unapproved is { } grown && grown.ChangedAt != _last?.Unapproved?.ChangedAt)
            TellUnapproved(now, grown);
        foreach (var lost in (now.Lost ?? []).Except(_last?.Lost ?? []))
            Line(now, $"lost: {Sentences.Of(lost, shell.Now)}");
        if (now.Trouble is { } trouble && trouble != _last?.Trouble)
            Line(now, $"trouble: {Sentences.Of(trouble)}");
        _last = now;
    }

    private void TellStatus(AccessRequest now)
    {
        switch (now.Status)
        {
            case Status.Pending when now is { Policy: { } policy }:
                TellPending(now, policy);
                break;
            case Status.Approved when now.StartsAfter(shell.Now):
                Line(now, $"approved; starts at {Timestamps.Left(now.Start!.Value, shell.Now)}");
                break;
            case Status.Active when now is { ExpiresAt: { } expiry }:
                Line(now, $"active, expires at {Timestamps.Left(expiry, shell.Now)}");
                TellUse(now);
                break;
            default:
                Line(now, now.Ending is { } ending ? $"{now.Status} ({Sentences.Of(ending)})" : now.Status);
                break;
        }
    }

    private void TellPending(AccessRequest now, Policy policy)
    {
        var until = now.DecideBy is { } limit ? $", lapses at {Timestamps.Left(limit, shell.Now)}" : "";
        Line(now, $"pending: approval needed: {Sentences.Lacking(policy, now.Reviews)}{until}");
    }

    private void TellChanged(AccessRequest now)
    {
        if (now.Scope != _last?.Scope)
        {
            var place = now.ClusterWide ? "cluster-wide" : $"in {now.NamespaceList}";
            Line(now, $"narrowed to {RuleText.What(now)} {place} for {now.Duration}");
        }

        if (now is { Status: Status.Pending, Policy: { } policy })
            TellPending(now, policy);
    }

    private void TellDangers(AccessRequest now)
    {
        foreach (var (label, text) in DangerGroups.Lines(now.Dangers))
            Line(
                now,
                label.StartsWith(' ') ? $"danger, {label.Trim()}: {text}" : $"{label.ToLowerInvariant()}: {text}"
            );
    }

    private void TellReviews(AccessRequest now, IReadOnlyList<Review>? reviews, IReadOnlyList<Review>? told)
    {
        // A review that no longer counts differs from its reported version, so it is reported again.
        foreach (var review in (reviews ?? []).Except(told ?? []))
            Line(now, Sentences.Of(review));
    }

    private void TellBreakGlass(AccessRequest now, BreakGlass breakGlass)
    {
        var told = _last?.BreakGlass;
        TellReviews(now, breakGlass.Reviews, told?.Reviews);
        if ((breakGlass.OverdueAt, breakGlass.SettledAt) == (told?.OverdueAt, told?.SettledAt) && told is not null)
            return;
        var by =
            breakGlass.SettledAt is null && now.Policy is { } policy
                ? $", from {Sentences.Lacking(policy, breakGlass.Reviews)}"
                : "";
        Line(now, $"break-glass: {Sentences.Of(breakGlass, shell.Now)}{by}");
    }

    private void TellExtension(AccessRequest now)
    {
        if (now.Extension is { } extension)
        {
            var told = _last?.Extension;
            if (told is null || told.Scope != extension.Scope)
            {
                var by = now.Policy is { } policy ? $" from {Sentences.Needed(policy.Approvals)}" : "";
                Line(now, $"extension: {Sentences.Of(extension)}");
                Line(now, $"extension: approval needed{by}");
            }

            TellReviews(now, extension.Reviews, told?.Scope == extension.Scope ? told?.Reviews : null);
        }
        else if (_last?.Extension is not null && now is { Status: Status.Active } && now.ExpiresAt == _last.ExpiresAt)
        {
            Line(now, "extension denied");
        }

        if (
            now is { Status: Status.Active, ExpiresAt: { } expiry }
            && _last is { Status: Status.Active }
            && expiry != _last.ExpiresAt
        )
            Line(now, $"extended, expires at {Timestamps.Left(expiry, shell.Now)}");
    }

    private void TellUnapproved(AccessRequest now, Unapproved grown)
    {
        var rights = (grown.Present ?? []).SelectMany(placed => placed.Rules).Select(RuleText.Of).ToList();
        Line(
            now,
            rights is []
                ? "its role no longer allows what nobody approved"
                : $"its role allows what nobody approved: {string.Join("; ", rights)}"
        );
    }

    private void TellUse(AccessRequest now)
    {
        if (now.IsEphemeral)
        {
            Hint(
                "use it:",
                $"kubectl jit kubeconfig {now.Id} > jit-{now.Id}.yaml; kubectl --kubeconfig jit-{now.Id}.yaml "
                    + "auth can-i --list"
            );
        }
        else
        {
            var place = now.ClusterWide ? "" : $" -n {now.Namespaces?[0]}";
            Hint(
                $"use it, as {now.Requester.Username} in your context for {now.Cluster}:",
                $"kubectl{place} auth can-i --list"
            );
        }

        Hint("give it back early:", $"kubectl jit relinquish {now.Id}");
    }

    private static int Counting(AccessRequest request) =>
        request.Reviews?.Count(review => review.IsApprovalThatCounts) ?? 0;

    private void Hint(string what, string command) => shell.Error.WriteLine(Printable.Text($"  {what}  {command}"));

    private void Line(AccessRequest request, string text) =>
        shell.Error.WriteLine(Printable.Text($"{request.Id}  {text}"));
}
