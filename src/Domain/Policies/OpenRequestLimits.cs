using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>The maximum number of open requests. Every request that is not final is open.</summary>
/// <param name="PerPerson">For one human, with all linked accounts together.</param>
/// <param name="Total">For all people together. This limit does not apply to break-glass requests.</param>
public sealed record OpenRequestLimits(int PerPerson, int Total)
{
    public const int Most = 20_000;

    /// <summary>The limits if no policy file sets them.</summary>
    public static readonly OpenRequestLimits Default = new(PerPerson: 20, Total: 5000);

    /// <param name="mine">The number of open requests of the human who asks for one more.</param>
    /// <param name="all">The number of open requests of all people.</param>
    /// <returns>Null if one more request may be opened.</returns>
    public Rejection? WhyNotOneMore(long mine, long all, bool breakGlass) =>
        mine >= PerPerson
            ? Rejection.TooManyOpen(
                $"You have {mine} open requests; the limit for one person is {PerPerson}. Withdraw or relinquish one."
            )
        : all >= Total && !breakGlass
            ? Rejection.TooManyOpen(
                $"There are {all} open requests in total; the limit is {Total}. Try again when some have ended."
            )
        : null;
}
