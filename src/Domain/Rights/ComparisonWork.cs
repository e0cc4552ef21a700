namespace JitFunctions.Domain.Rights;

/// <summary>
/// How much a comparison of rules may cost, in comparisons of words. Whoever may write a role can write one in which
/// each word of thousands has to be looked for among thousands, or each combination of many words be looked at.
/// </summary>
internal sealed class ComparisonWork
{
    /// <summary>A fraction of a second. Comparing roles of three hundred rules takes a quarter of it.</summary>
    public const long Most = 30_000_000;

    /// <summary>
    /// What is made for one combination of words, and for each word that goes into its rule, costs as much as this many
    /// comparisons.
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
