using JitFunctions.Domain.Policies;

namespace JitFunctions.Functions.Policies;

public sealed class InvalidPolicyException(IReadOnlyList<string> errors) : Exception
{
    public IReadOnlyList<string> Errors { get; } = errors;
}

public static class PolicyFiles
{
    public static PolicySet Parse(IReadOnlyList<PolicyFileText> files) => throw new NotSupportedException(files.Count.ToString());

    public static string VersionOf(IReadOnlyList<PolicyFileText> files) => throw new NotSupportedException(files.Count.ToString());
}

public sealed record PolicySourceText(IReadOnlyList<PolicyFileText> Files, string Publisher, string Source);

public sealed class PolicySource
{
    public Task<PolicySourceText> ReadAsync(CancellationToken cancellation) => throw new NotSupportedException(cancellation.ToString() + this);
}

public static class PolicySchema
{
    public static string Text => "";
}
