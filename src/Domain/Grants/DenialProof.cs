using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

public enum DenialVerdict
{
    Denied,
    StillAllowed,
    Indeterminate,
}

/// <summary>What the cluster itself answered when asked, after the revocation, whether the rights are gone.</summary>
/// <param name="Detail">For <see cref="DenialVerdict.StillAllowed"/> what else allows it; for
/// <see cref="DenialVerdict.Indeterminate"/> why it could not be told.</param>
/// <param name="AllowedBy">For <see cref="DenialVerdict.StillAllowed"/> the bindings that the cluster named, as far as
/// it named any.</param>
public sealed record DenialProof(DenialVerdict Verdict, string Detail, IReadOnlyList<AllowingBinding>? AllowedBy = null)
{
    /// <summary>The most bindings that are named; more than there are questions about one grant.</summary>
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
