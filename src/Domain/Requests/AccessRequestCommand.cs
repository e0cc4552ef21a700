using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Requests;

/// <summary>Everything that can be asked of a request that exists. Time and identity come in with the command.</summary>
public abstract record AccessRequestCommand
{
    private AccessRequestCommand() { }

    public abstract DateTimeOffset Now { get; init; }

    public sealed record Review(Caller By, Verdict Verdict, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Withdraw(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Relinquish(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Revoke(Caller By, string? Comment, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Lapse(DateTimeOffset Now) : AccessRequestCommand;

    public sealed record BeginActivation(DateTimeOffset Now) : AccessRequestCommand;

    public sealed record ConfirmActivation(DateTimeOffset ExpiresAt, IReadOnlyList<BindingRef> Bindings, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record DelayActivation(string Detail, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record AbandonActivation(string Detail, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record Expire(DateTimeOffset Now) : AccessRequestCommand;

    public sealed record DelayRevocation(string Detail, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record ConfirmRevocation(DenialProof Proof, DateTimeOffset Now) : AccessRequestCommand;

    public sealed record ReportDrift(Drift Drift, DateTimeOffset Now) : AccessRequestCommand;
}
