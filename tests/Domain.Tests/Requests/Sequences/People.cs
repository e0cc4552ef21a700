using CsCheck;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;

namespace JitFunctions.Domain.Tests.Requests.Sequences;

/// <summary>One of the accounts of a human. Who the human is only the test knows; the system has to find out.</summary>
internal sealed record Account(string Human, Principal Principal);

/// <summary>People with several accounts each, in ever other groups.</summary>
internal static class People
{
    public const string Requesters = "devs";
    public const string Leavers = "leavers";
    public const string Administrators = "admins";
    public static readonly string[] ApproverGroups = ["leads", "security", "ops"];

    // Those of these are linked by the policies, ...
    private static readonly string[] Linked = ["alice", "bob", "beth"];

    // ... those of these have only their subject in common.
    private static readonly string[] Renamed = ["dave", "erin", "sam"];

    public static readonly LinkedAccounts Links = new([
        .. Linked.Select(human => new[] { $"{human}@example.com", $"{human}-adm@example.com" }),
    ]);

    public static readonly IReadOnlyList<Account> Accounts =
    [
        .. Linked.SelectMany(human =>
            new Account[]
            {
                new(human, new($"issuer#{human}", $"{human}@example.com")),
                new(human, new($"issuer#{human}-adm", $"{human}-adm@example.com")),
                new(human, new($"other#{human}", $"{human.ToUpperInvariant()}@example.com")),
            }
        ),
        .. Renamed.SelectMany(human =>
            new Account[]
            {
                new(human, new($"issuer#{human}", $"{human}@example.com")),
                new(human, new($"issuer#{human}", $"{human}.new@example.com")),
            }
        ),
    ];

    public static readonly Gen<IReadOnlyList<string>> SomeGroups =
        from approving in Gen.Shuffle(ApproverGroups, 0, 3)
        from special in Gen.Frequency(
            (6, Gen.Const<string[]>([])),
            (2, Gen.Const<string[]>([Requesters])),
            (1, Gen.Const<string[]>([Administrators]))
        )
        select (IReadOnlyList<string>)[.. approving, .. special];

    /// <summary>What the directory may say of everybody; of some it may not be able to tell.</summary>
    public static readonly Gen<(
        IReadOnlyDictionary<string, IReadOnlyList<string>?> Groups,
        IReadOnlyDictionary<string, IReadOnlyList<string>?> Linked
    )> SomeFacts =
        from groups in Gen.Select(
            Gen.Frequency((4, true), (1, false)),
            SomeGroups,
            (known, some) => known ? some : null
        ).Array[Accounts.Count]
        from linked in Gen.Frequency<IReadOnlyList<string>?>((8, []), (1, [Administrators]), (1, null)).Array[
            Accounts.Count
        ]
        select (
            (IReadOnlyDictionary<string, IReadOnlyList<string>?>)
                Accounts
                    .Zip(groups)
                    .DistinctBy(pair => pair.First.Principal.Subject)
                    .ToDictionary(pair => pair.First.Principal.Subject, pair => pair.Second),
            (IReadOnlyDictionary<string, IReadOnlyList<string>?>)
                Accounts
                    .Zip(linked)
                    .DistinctBy(pair => pair.First.Principal.Username.ToLowerInvariant())
                    .ToDictionary(pair => pair.First.Principal.Username.ToLowerInvariant(), pair => pair.Second)
        );

    /// <summary>The other accounts of whoever has this subject.</summary>
    public static IReadOnlyList<string> OthersOf(string subject) =>
        Links.OthersOf(Accounts.First(account => account.Principal.Subject == subject).Principal.Username);

    /// <summary>Anybody, as the policies know them.</summary>
    public static readonly Gen<Caller> Anybody =
        from account in Gen.OneOf(Accounts.ToArray())
        from groups in SomeGroups
        select Know(account.Principal, groups);

    public static Caller Know(Principal principal, IReadOnlyList<string> groups) =>
        new(principal, groups, IsAdministrator: groups.Contains(Administrators))
        {
            OtherAccounts = Links.OthersOf(principal.Username),
        };

    public static string HumanOf(Principal principal) =>
        Accounts.First(account => account.Principal == principal).Human;
}
