using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Shows a reviewer on standard error exactly what they decide about.</summary>
internal sealed class ReviewSummary(Shell shell)
{
    private readonly Fields _fields = new(shell.Error);

    public void Write(string verdict, ReviewSubject subject, Narrowing? narrowing)
    {
        var request = subject.Request;
        shell.Error.WriteLine(Printable.Text($"{Heading(verdict)} {Title(subject)}"));
        _fields.Line("Who", request.Requester.Username);
        _fields.Text("What", request.Role is { } role ? $"{role}{Size(request)}" : null);
        foreach (var rule in request.Rules ?? [])
            _fields.Text("What", RuleText.Of(rule));
        _fields.Text(
            "Where",
            request.ClusterWide
                ? $"the whole cluster {request.Cluster}"
                : $"{string.Join(", ", request.Namespaces ?? [])} in {request.Cluster}"
        );
        _fields.Line("Given to", Sentences.Holder(request));
        WriteTimes(subject);
        WriteReasons(subject);
        if (subject is ReviewSubject.Asked && request.AlreadyHeld is { } held)
            _fields.Text("Already held", Sentences.Of(held));
        foreach (var (label, text) in DangerGroups.Lines(request.Dangers))
            _fields.Text(label, text);
        foreach (var review in subject.Reviews)
            _fields.Text("Review", Sentences.Of(review));
        _fields.Line("Approval", Approval(subject));
        _fields.Line("Scope", subject.Scope is { } scope ? Scopes.Short(scope) : null);
        if (narrowing is not null)
            WriteNarrowing(subject, narrowing);
        if (verdict is Review.Deny && subject is ReviewSubject.Done && !Status.IsFinal(request.Status))
            _fields.Line("Beware", "to deny it ends the rights at once");
    }

    private static string Heading(string verdict) => verdict is Review.Approve ? "To approve:" : "To deny:";

    private static string Title(ReviewSubject subject) =>
        subject switch
        {
            ReviewSubject.Longer => $"the extension of {subject.Request.Id}",
            ReviewSubject.Done => $"what was done by break-glass, {subject.Request.Id}",
            { Request: { Status: Status.Pending } request } => $"request {request.Id}",
            { Request: var request } => $"request {request.Id}, which is {request.Status}",
        };

    // The rules of a role may be long, so their number is shown: a reviewer must not overlook some of them.
    private static string Size(AccessRequest request) =>
        request.Rights?.Sum(placed => placed.Rules.Count) switch
        {
            null => "",
            1 => $", 1 rule: kubectl jit show {request.Id}",
            var rules => $", {rules} rules: kubectl jit show {request.Id}",
        };

    private void WriteTimes(ReviewSubject subject)
    {
        var request = subject.Request;
        switch (subject)
        {
            case ReviewSubject.Longer { Extension: var extension }:
                _fields.Line("How long", $"{extension.Duration} more, after {request.Duration}");
                _fields.Line(
                    "Expires",
                    request.ExpiresAt is { } expiry ? $"{Timestamps.Left(expiry, shell.Now)} without it" : null
                );
                break;
            case ReviewSubject.Done { BreakGlass: var breakGlass }:
                _fields.Line("How long", $"{request.Duration}, had without approval");
                _fields.Line("Activated", request.ActivatedAt is { } begun ? Timestamps.Ago(begun, shell.Now) : null);
                _fields.Line("Expires", request.ExpiresAt is { } end ? Timestamps.Left(end, shell.Now) : null);
                _fields.Line("Break-glass", Sentences.Of(breakGlass, shell.Now));
                break;
            default:
                _fields.Line("How long", request.Duration);
                _fields.Line(
                    "Start",
                    request switch
                    {
                        { Start: { } start } => Timestamps.Left(start, shell.Now),
                        { Status: Status.Pending } => "as soon as it is approved",
                        _ => null,
                    }
                );
                break;
        }
    }

    private void WriteReasons(ReviewSubject subject)
    {
        if (subject is ReviewSubject.Longer { Extension: var extension })
            _fields.Text("Longer since", extension.Reason);
        _fields.Text("Reason", subject.Request.Reason);
        _fields.Text("Ticket", subject.Request.Ticket);
    }

    private static string? Approval(ReviewSubject subject) =>
        subject.Request.Policy switch
        {
            null => null,
            { Automatic: true } => "automatic",
            var policy when subject is ReviewSubject.Asked && subject.Request.Status is not Status.Pending =>
                $"{Sentences.Needed(policy.Approvals)}; nothing waits for it now",
            var policy => $"needed: {Sentences.Lacking(policy, subject.Reviews)}",
        };

    private void WriteNarrowing(ReviewSubject subject, Narrowing narrowing)
    {
        _fields.Text("Narrowed to", narrowing.Duration);
        _fields.Text("Narrowed to", string.Join(", ", narrowing.Namespaces ?? []));
        foreach (var rule in narrowing.Rules ?? [])
            _fields.Text("Narrowed to", RuleText.Of(rule));
        var voided = subject.Reviews.Count(review => review.IsApprovalThatCounts);
        if (voided > 0)
            _fields.Line(
                "Beware",
                $"{voided} earlier {(voided == 1 ? "approval counts" : "approvals count")} only when given again "
                    + "for less"
            );
    }
}
