namespace JitFunctions.Domain.Requests;

/// <summary>Whether what was approved may be put into force now.</summary>
public abstract record Eligibility
{
    private Eligibility() { }

    /// <param name="ScopeHash">What was judged; a decision about anything else does not count.</param>
    public sealed record Go(string ScopeHash) : Eligibility;

    /// <summary>Something cannot be told now; it is tried again until the time for activation is over.</summary>
    public sealed record NotYet(string Detail) : Eligibility;

    public sealed record Refuse(string Detail) : Eligibility;

    /// <param name="Reviewers">The subjects of those who may no longer approve.</param>
    public sealed record ReviewersLost(IReadOnlyList<string> Reviewers, string Detail) : Eligibility;
}
