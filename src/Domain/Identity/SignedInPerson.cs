namespace JitFunctions.Domain.Identity;

/// <summary>Whose token it is, before directory and policies say what standing they have.</summary>
/// <param name="Groups">Null when the token does not list them: which they are is then not known, and not none.</param>
/// <param name="IssuedAt">Null when the token does not say.</param>
/// <param name="ExpiresAt">When the token ends.</param>
public sealed record SignedInPerson(
    Principal Principal,
    IReadOnlyList<string>? Groups,
    DateTimeOffset? IssuedAt,
    DateTimeOffset ExpiresAt
);
