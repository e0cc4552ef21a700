namespace JitFunctions.Domain.Rights;

/// <summary>
/// Limits the cost of a comparison of rules, in comparisons of words. A user who can edit a role can write one with
/// thousands of words that each have to be searched for among thousands, or with very many combinations of words.
/// </summary>
internal sealed class ComparisonWork
{
    /// <summary>
    /// Takes a fraction of a second. A comparison of roles with three hundred rules takes a quarter of this.
    /// </summary>
    public const long Most = 30_000_000;

    /// <summary>
    /// The cost of creating one combination of words, and of each word that is copied into its rule, in comparisons.
    /// </summary>
    public const int Combination = 20;

    private long _left = Most;

    /// <exception cref="TooMuchToCompareException" />
    public void Take(long comparisons)
    {
        _left -= comparisons;
        if (_left < 0)
            throw new TooMuchToCompareException();
    }
}

internal sealed class TooMuchToCompareException : Exception;
