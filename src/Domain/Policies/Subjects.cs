using JitFunctions.Domain.Identity;

namespace JitFunctions.Domain.Policies;

/// <summary>Whom a rule is about. Who is excepted stays so, however many groups say otherwise.</summary>
public sealed record Subjects(
    IReadOnlyList<string> Groups, IReadOnlyList<string> Users, IReadOnlyList<string> ExceptGroups, IReadOnlyList<string> ExceptUsers)
{
    /// <summary>Everyone who can sign in; only what denies may be about them.</summary>
    public static readonly Subjects Everyone = new([], [], [], []) { All = true };

    public bool All { get; init; }

    public bool Include(Caller caller) => Names(caller) && !Excepts(caller);

    public bool Excepts(Caller caller) => caller.IsInAny(ExceptGroups) || IsOneOf(ExceptUsers, caller);

    private bool Names(Caller caller) => All || caller.IsInAny(Groups) || Users.Contains(caller.Principal.Username);

    // An exception meets all accounts of a human: a second one is no way round it.
    private static bool IsOneOf(IReadOnlyList<string> users, Caller caller) =>
        users.Any(user => string.Equals(user, caller.Principal.Username, StringComparison.OrdinalIgnoreCase)
            || caller.OtherAccounts.Contains(user, StringComparer.OrdinalIgnoreCase));
}
