using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

public enum DenialVerdict
{
    Denied,
    StillAllowed,
    Indeterminate,
}

/// <summary>The answer of the cluster after the revocation to the question whether the rights are gone.</summary>
/// <param name="Detail">For <see cref="DenialVerdict.StillAllowed"/> what else allows the access; for
/// <see cref="DenialVerdict.Indeterminate"/> why it could not be determined.</param>
/// <param name="AllowedBy">For <see cref="DenialVerdict.StillAllowed"/> the bindings that the cluster named, if
/// any.</param>
public sealed record DenialProof(DenialVerdict Verdict, string Detail, IReadOnlyList<AllowingBinding>? AllowedBy = null)
{
    /// <summary>The maximum number of bindings. It is higher than the number of checks for one grant.</summary>
    public const int MostBindings = 20;

    public DenialProof Shortened() =>
        this with
        {
            Detail = ShortText.Detail(Detail),
            AllowedBy = AllowedBy is null
                ? null
                : [.. AllowedBy.Take(MostBindings).Select(binding => binding.Shortened())],
        };
}
