using JitFunctions.Domain.Identity;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>The current groups of a person, as far as they are known.</summary>
/// <param name="Groups">
/// Null when the groups cannot be determined, which denies. Empty for a person who does not exist or is disabled.
/// </param>
/// <param name="Detail">Why there are no groups, in one line for people.</param>
public sealed record Membership(IReadOnlyList<string>? Groups, string? Detail)
{
    /// <summary>
    /// True for a person who does not exist or is disabled: even a policy that names their user name gives them
    /// nothing.
    /// </summary>
    public bool IsGone { get; private init; }

    internal static Membership Of(IReadOnlyList<string> groups) => new(groups, null);

    internal static Membership None(string detail) => new([], detail) { IsGone = true };

    internal static Membership Unknown(string detail) => new(null, detail);
}

/// <summary>
/// Looks up the current groups of people, which may differ from those in the token of an earlier request.
/// </summary>
public interface IDirectory
{
    Task<Membership> MembershipOfAsync(Principal person, CancellationToken cancellation);

    /// <summary>
    /// For an account of which only the user name is known, because the policies link it to another account.
    /// </summary>
    Task<Membership> MembershipOfAccountAsync(string username, CancellationToken cancellation);
}
