namespace JitFunctions.Domain.Requests;

/// <summary>Whether what was approved may be put into force now.</summary>
public abstract record ActivationJudgement
{
    private ActivationJudgement() { }

    /// <param name="ScopeHash">What was judged; a decision about anything else does not count.</param>
    public sealed record Go(string ScopeHash) : ActivationJudgement;

    /// <summary>Something cannot be told now; it is tried again until the time for activation is over.</summary>
    public sealed record NotYet(string Detail) : ActivationJudgement;

    public sealed record Refuse(string Detail) : ActivationJudgement;

    /// <param name="Reviewers">The subjects of those who may no longer approve.</param>
    public sealed record ReviewersLost(IReadOnlyList<string> Reviewers, string Detail) : ActivationJudgement;
}
