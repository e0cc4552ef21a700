using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// The people to whom a rule applies. An exception always wins, whatever other groups a person is in.
/// </summary>
public sealed record Subjects(
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Users,
    IReadOnlyList<string> ExceptGroups,
    IReadOnlyList<string> ExceptUsers
)
{
    /// <summary>Everyone who can sign in. Only denials may use this.</summary>
    public static readonly Subjects Everyone = new([], [], [], []) { All = true };

    public bool All { get; init; }

    /// <summary>
    /// For policies: the account itself must be named, and an exception for any account of a human applies to all of
    /// them.
    /// </summary>
    public bool Include(Caller caller) =>
        (IsAnyone(caller) || Users.Contains(caller.Principal.Username))
        && !caller.IsInAny(ExceptGroups)
        && !IsOneOf(ExceptUsers, caller);

    /// <summary>
    /// For denials, the other way round: naming any account of a human is enough, so that a second account does not
    /// avoid the denial. An exception applies only to the account that it names.
    /// </summary>
    public bool IncludeAnyAccountOf(Caller caller) =>
        (IsAnyone(caller) || IsOneOf(Users, caller))
        && !caller.IsInAny(ExceptGroups)
        && !ExceptUsers.Contains(caller.Principal.Username);

    private bool IsAnyone(Caller caller) => All || caller.IsInAny(Groups);

    private static bool IsOneOf(IReadOnlyList<string> users, Caller caller) =>
        caller.OtherAccounts.Append(caller.Principal.Username).Intersect(users, StringComparer.OrdinalIgnoreCase).Any();
}
