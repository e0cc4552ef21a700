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
/// <param name="AllowedBy">For <see cref="DenialVerdict.StillAllowed"/> the bindings that the cluster named, as far as it named any.</param>
public sealed record DenialProof(DenialVerdict Verdict, string Detail, IReadOnlyList<AllowingBinding>? AllowedBy = null);
