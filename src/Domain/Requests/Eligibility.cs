namespace JitFunctions.Domain.Requests;

/// <summary>The result of the eligibility check: whether an approved request may be activated now.</summary>
public abstract record Eligibility
{
    private Eligibility() { }

    /// <param name="ScopeHash">The scope hash that was checked. The result does not count for any other scope.</param>
    public sealed record Go(string ScopeHash) : Eligibility;

    /// <summary>
    /// Something cannot be determined now. The check is repeated until the activation window is over.
    /// </summary>
    public sealed record NotYet(string Detail) : Eligibility;

    public sealed record Refuse(string Detail) : Eligibility;

    /// <param name="Reviewers">The subjects of those who may no longer approve.</param>
    public sealed record ReviewersLost(IReadOnlyList<string> Reviewers, string Detail) : Eligibility;
}
