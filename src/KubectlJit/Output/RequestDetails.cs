using JitFunctions.KubectlJit.Api;

namespace JitFunctions.KubectlJit.Output;

/// <summary>All about one request, in the manner of <c>kubectl describe</c>.</summary>
internal sealed class RequestDetails(Shell shell)
{
    private const int LabelWidth = 14;

    public void Write(AccessRequest request)
    {
        Line("ID", request.Id);
        Line("Status", request.Status, shell.Colours ? text => Ink.Of(request.Status, text) : null);
        Line("Requester", request.Requester.Username);
        Line("Cluster", request.Cluster);
        Line("Namespaces", request.ClusterWide ? "* (cluster-wide)" : request.NamespaceList);
        Line("Role", request.Role.ToString());
        Line("Duration", request.Duration);
        Line("Reason", request.Reason);
        Line("Ticket", request.Ticket);
        if (request.Policy is { } policy) WritePolicy(policy);
        Line("Requested", Timestamps.Ago(request.RequestedAt, shell.Now));
        if (request.Status is Status.Pending) Line("Decide by", Left(request.DecideBy));
        foreach (var review in request.Reviews ?? []) Line("Review", Sentences.Of(review));
        Line("Approved", Ago(request.ApprovedAt));
        Line("Activated", Ago(request.ActivatedAt));
        Line("Expires", Left(request.ExpiresAt));
        foreach (var binding in request.Bindings ?? []) Line("Binding", $"{binding.Namespace ?? "*"}/{binding.Name}");
        if (request.Trouble is { } trouble) Line("Trouble", Sentences.Of(trouble));
        if (request.Ending is { } ending) Line("Ending", Sentences.Of(ending));
        Line("Ended", Ago(request.EndedAt));
        if (request.DenialProof is { } proof) Line("Denial proof", Sentences.Joined(proof.Verdict, proof.Detail));
    }

    private void WritePolicy(Policy policy)
    {
        Line("Policy", $"{policy.Name} ({policy.Version})");
        Line("Approval", Sentences.ApprovalBy(policy));
    }

    private string? Ago(DateTimeOffset? at) => at is { } time ? Timestamps.Ago(time, shell.Now) : null;

    private string? Left(DateTimeOffset? at) => at is { } time ? Timestamps.Left(time, shell.Now) : null;

    private void Line(string label, string? value, Func<string, string>? paint = null)
    {
        if (string.IsNullOrEmpty(value)) return;
        var text = Printable.Text(value);
        shell.Out.WriteLine($"{$"{label}:".PadRight(LabelWidth)}{(paint is null ? text : paint(text))}");
    }
}
