using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>Prints all details of one request, as in <c>kubectl describe</c>.</summary>
internal sealed class RequestDetailsOutput(Shell shell)
{
    private readonly Fields _fields = new(shell.Out);

    public void Write(AccessRequest request)
    {
        _fields.Line("ID", request.Id);
        _fields.Line("Status", request.Status, shell.Colours ? text => Ink.Of(request.Status, text) : null);
        WriteAsked(request);
        _fields.Line("Given to", Sentences.Holder(request));
        if (request.Policy is { } policy)
            WritePolicy(policy);
        if (request.AlreadyHeld is { } held)
            _fields.Text("Already held", Sentences.Of(held));
        foreach (var (label, text) in DangerGroups.Lines(request.Dangers))
            _fields.Text(label, text);
        if (request.Rules is null)
            WriteRights(request.Rights ?? []);
        _fields.Line("Scope", request.Scope);
        _fields.Line("Requested", Timestamps.Ago(request.RequestedAt, shell.Now));
        if (request.Status is Status.Pending)
            _fields.Line("Decide by", Left(request.DecideBy));
        WriteReviews("Review", request.Reviews);
        _fields.Line("Approved", Ago(request.ApprovedAt));
        _fields.Line("Activated", Ago(request.ActivatedAt));
        _fields.Line("Expires", Left(request.ExpiresAt));
        if (request.Extension is { } extension)
            WriteExtension(extension);
        if (request.BreakGlass is { } breakGlass)
            WriteBreakGlass(breakGlass);
        foreach (var binding in request.Bindings ?? [])
            _fields.Line("Binding", $"{binding.Namespace ?? "*"}/{binding.Name}");
        if (request.Unapproved is { } unapproved)
            WriteUnapproved(unapproved);
        foreach (var lost in request.Lost ?? [])
            _fields.Text("Lost", Sentences.Of(lost, shell.Now));
        if (request.Trouble is { } trouble)
            _fields.Text("Trouble", Sentences.Of(trouble));
        if (request.Ending is { } ending)
            _fields.Text("Ending", Sentences.Of(ending));
        _fields.Line("Ended", Ago(request.EndedAt));
        if (request.DenialProof is { } proof)
            _fields.Text("Denial proof", Sentences.Joined(proof.Verdict, proof.Detail));
    }

    private void WriteAsked(AccessRequest request)
    {
        _fields.Line("Requester", request.Requester.Username);
        _fields.Line("Cluster", request.Cluster);
        _fields.Line("Namespaces", request.ClusterWide ? "* (cluster-wide)" : request.NamespaceList);
        _fields.Text("Role", request.Role?.ToString());
        foreach (var rule in request.Rules ?? [])
            _fields.Text("Rule", RuleText.Of(rule));
        _fields.Line("Duration", request.Duration);
        _fields.Line("Start", Left(request.Start));
        _fields.Text("Reason", request.Reason);
        _fields.Text("Ticket", request.Ticket);
    }

    private void WritePolicy(Policy policy)
    {
        _fields.Line(
            "Policy",
            policy.Source is { } source
                ? $"{policy.Name} ({source}, {policy.Version})"
                : $"{policy.Name} ({policy.Version})"
        );
        _fields.Line("Approval", Sentences.ApprovalBy(policy));
    }

    private void WriteRights(IReadOnlyList<NamespacedRules> rights)
    {
        foreach (var placed in rights)
        {
            var place =
                rights.Count == 1 ? "" : $"{(placed.Namespaces is [_, ..] some ? string.Join(',', some) : "*")}: ";
            foreach (var rule in placed.Rules)
                _fields.Text("Right", place + RuleText.Of(rule));
        }
    }

    private void WriteUnapproved(Unapproved unapproved)
    {
        _fields.Line("Role grew", Timestamps.Ago(unapproved.FoundAt, shell.Now));
        foreach (var placed in unapproved.Rights ?? [])
        {
            var place = placed.Namespaces is [_, ..] some ? string.Join(',', some) : "*";
            foreach (var rule in placed.Rules)
                _fields.Text("Unapproved", $"{place}: {RuleText.Of(rule)}");
        }

        foreach (var danger in unapproved.Dangers ?? [])
            _fields.Text("  danger", RuleText.Of(danger));
        if (unapproved.Present is [])
            _fields.Line("  gone", Timestamps.Ago(unapproved.ChangedAt, shell.Now));
    }

    private void WriteReviews(string label, IReadOnlyList<Review>? reviews)
    {
        foreach (var review in reviews ?? [])
            _fields.Text(label, Sentences.Of(review));
    }

    private void WriteExtension(Extension extension)
    {
        _fields.Text("Extension", Sentences.Of(extension));
        _fields.Line("  its scope", extension.Scope);
        WriteReviews("  its review", extension.Reviews);
    }

    private void WriteBreakGlass(BreakGlass breakGlass)
    {
        _fields.Line("Break-glass", Sentences.Of(breakGlass, shell.Now));
        _fields.Line("  told", Ago(breakGlass.NotifiedAt));
        WriteReviews("  its review", breakGlass.Reviews);
    }

    private string? Ago(DateTimeOffset? at) => at is { } time ? Timestamps.Ago(time, shell.Now) : null;

    private string? Left(DateTimeOffset? at) => at is { } time ? Timestamps.Left(time, shell.Now) : null;
}
