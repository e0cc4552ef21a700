using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>How many requests may be open, which is every request that is not final.</summary>
/// <param name="PerPerson">Of one human, under all linked accounts together.</param>
/// <param name="Total">Of all people. Break-glass is not kept out by what others have open.</param>
public sealed record OpenRequestLimits(int PerPerson, int Total)
{
    public const int Most = 20_000;

    /// <summary>Where no policy file says otherwise.</summary>
    public static readonly OpenRequestLimits Default = new(PerPerson: 20, Total: 5000);

    /// <param name="mine">Open requests of the human who asks for one more.</param>
    /// <param name="all">Of everybody.</param>
    /// <returns>Null when one more may be opened.</returns>
    public Rejection? WhyNotOneMore(long mine, long all, bool breakGlass) =>
        mine >= PerPerson
            ? Rejection.TooManyOpen(
                $"You have {mine} open requests, and one person may have {PerPerson}. Withdraw or relinquish one."
            )
        : all >= Total && !breakGlass
            ? Rejection.TooManyOpen(
                $"All together have {all} open requests, and there may be {Total}. Try again when some have ended."
            )
        : null;
}
