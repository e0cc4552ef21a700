using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Policies;

/// <summary>Whom a rule is about. Who is excepted stays so, however many groups say otherwise.</summary>
public sealed record Subjects(
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Users,
    IReadOnlyList<string> ExceptGroups,
    IReadOnlyList<string> ExceptUsers
)
{
    /// <summary>Everyone who can sign in; only what denies may be about them.</summary>
    public static readonly Subjects Everyone = new([], [], [], []) { All = true };

    public bool All { get; init; }

    /// <summary>
    /// For what allows: the account itself has to be named, and an exception meets all accounts of a human.
    /// </summary>
    public bool Include(Caller caller) =>
        (IsAnyone(caller) || Users.Contains(caller.Principal.Username))
        && !caller.IsInAny(ExceptGroups)
        && !IsOneOf(ExceptUsers, caller);

    /// <summary>For what denies, where it is the other way round: a second account is no way out.</summary>
    public bool IncludeAnyAccountOf(Caller caller) =>
        (IsAnyone(caller) || IsOneOf(Users, caller))
        && !caller.IsInAny(ExceptGroups)
        && !ExceptUsers.Contains(caller.Principal.Username);

    private bool IsAnyone(Caller caller) => All || caller.IsInAny(Groups);

    private static bool IsOneOf(IReadOnlyList<string> users, Caller caller) =>
        caller.OtherAccounts.Append(caller.Principal.Username).Intersect(users, StringComparer.OrdinalIgnoreCase).Any();
}
