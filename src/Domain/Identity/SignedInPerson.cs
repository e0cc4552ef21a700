namespace JitFunctions.Domain.Identity;

/// <summary>The owner of a token, before the directory and the policies determine groups and roles.</summary>
/// <param name="Groups">Null when the token does not list them: the groups are then unknown, not empty.</param>
/// <param name="IssuedAt">Null when the token does not say.</param>
/// <param name="ExpiresAt">When the token ends.</param>
public sealed record SignedInPerson(
    Principal Principal,
    IReadOnlyList<string>? Groups,
    DateTimeOffset? IssuedAt,
    DateTimeOffset ExpiresAt
);
