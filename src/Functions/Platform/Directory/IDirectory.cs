using JitFunctions.Domain.Identity;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>What is known now of a person's groups.</summary>
/// <param name="Groups">Null when it cannot be told, which denies. Empty for a person who does not exist or is
/// disabled.</param>
/// <param name="Detail">Why there are none, in one line for people.</param>
public sealed record Membership(IReadOnlyList<string>? Groups, string? Detail)
{
    /// <summary>
    /// True for a person who does not exist or is disabled: a policy that names them by their user name does not help
    /// them.
    /// </summary>
    public bool IsGone { get; private init; }

    internal static Membership Of(IReadOnlyList<string> groups) => new(groups, null);

    internal static Membership None(string detail) => new([], detail) { IsGone = true };

    internal static Membership Unknown(string detail) => new(null, detail);
}

/// <summary>Who belongs to which groups now, which may differ from what a token said when somebody asked.</summary>
public interface IDirectory
{
    Task<Membership> MembershipOfAsync(Principal person, CancellationToken cancellation);

    /// <summary>Of an account of which nothing but the user name is known, as policies link it to another.</summary>
    Task<Membership> MembershipOfAccountAsync(string username, CancellationToken cancellation);
}
