namespace JitFunctions.Domain.Audit;

/// <summary>
/// Lists what the actions of one grant made and did not delete again. It knows what the audit log tells and nothing
/// else: what somebody else deleted since, or a <c>deletecollection</c> or the deletion of a namespace removed, is
/// listed.
/// </summary>
public static class ResidualFold
{
    private const string MaybeDeleted = "deleted again, unless that was a dry run";

    /// <param name="actions">The actions of one grant, in any order. Repeats, and calls that were refused or failed,
    /// change nothing.</param>
    /// <param name="endedAt">The end of the grant. What ended by itself before is left out.</param>
    public static IReadOnlyList<ResidualAccess> Of(IEnumerable<AuditEvent> actions, DateTimeOffset endedAt)
    {
        var done = actions
            .Where(action => action.IsDone && !ResidualRules.IsDryRun(action))
            .OrderBy(action => action.StageAt)
            .ToList();
        return
        [
            .. Objects(done)
                .Concat(OpenStreams(done))
                .Where(left => left.EndsAt is not { } ends || ends > endedAt)
                .OrderBy(left => left.At)
                .ThenBy(left => left.Kind)
                .ThenBy(left => left.Name, StringComparer.Ordinal),
        ];
    }

    private static IReadOnlyCollection<ResidualAccess> Objects(List<AuditEvent> done)
    {
        Dictionary<string, ResidualAccess> left = [];
        foreach (var action in done.Where(action => !ResidualRules.IsStream(action)))
        {
            if (IsDelete(action))
                Delete(action, left);
            else if (ResidualRules.Of(action) is { } found)
                left[KeyOf(found.Kind, action)] = Merged(left.GetValueOrDefault(KeyOf(found.Kind, action)), found);
        }

        return left.Values;
    }

    // An approved certificate is more than a requested one, and a workload that once had access to its node may have
    // kept it if a later change does not tell.
    private static ResidualAccess Merged(ResidualAccess? before, ResidualAccess found) =>
        before is { Certainty: ResidualCertainty.Certain } && found.Certainty == ResidualCertainty.Unknown
            ? before
            : found;

    private static bool IsDelete(AuditEvent action) =>
        action is { Verb: "delete", Target.Subresource: null }
        || action is { Verb: "create", Target: { Resource: "pods", Subresource: "eviction" } };

    private static void Delete(AuditEvent action, Dictionary<string, ResidualAccess> left)
    {
        var key = ResidualRules.Key(action);
        // With a service account its tokens end. A certificate does not end with its signing request.
        var gone = left.Where(one => one.Value.Kind != ResidualKind.Certificate && IsPartOf(one.Key, key)).ToList();
        foreach (var (at, found) in gone)
        {
            if (ResidualRules.TellsDryRun(action))
                left.Remove(at);
            else
                left[at] = found with { Certainty = ResidualCertainty.Unknown, Detail = MaybeDeleted };
        }
    }

    // Each token is one of its own.
    private static string KeyOf(ResidualKind kind, AuditEvent action) =>
        kind == ResidualKind.Token
            ? $"{ResidualRules.Key(action)}\n\n{ResidualRules.Call(action)}"
            : ResidualRules.Key(action);

    private static bool IsPartOf(string left, string deleted) =>
        left == deleted || left.StartsWith($"{deleted}\n\n", StringComparison.Ordinal);

    private static IEnumerable<ResidualAccess> OpenStreams(List<AuditEvent> done) =>
        done.Where(ResidualRules.IsStream)
            .GroupBy(ResidualRules.Call)
            .Select(call =>
            {
                var first = call.First();
                var end = call.FirstOrDefault(action => action.Stage is not AuditStage.ResponseStarted);
                return new ResidualAccess(
                    ResidualKind.OpenStream,
                    end is null ? ResidualCertainty.LowerBound : ResidualCertainty.Certain,
                    ResidualRules.Name(first),
                    first.Target?.Subresource ?? first.Verb,
                    first.ReceivedAt,
                    end?.StageAt
                );
            });
}
