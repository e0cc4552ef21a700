using System.Security.Cryptography;
using System.Text;
using CsCheck;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using static JitFunctions.Domain.Tests.Rights.Rules;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Requests;

public sealed class ScopeHashTests
{
    private static readonly RequestTerms Asked = Terms with
    {
        Scope = Terms.Scope with { Namespaces = ["orders", "payments"] },
    };
    private static readonly NamespacedRules[] Allowed =
    [
        In("orders payments", Rule("get list", "pods pods/log", "core apps", "a", "b"), Rule("get", "services")),
    ];

    /// <summary>Words that together read like fewer, or more, or others.</summary>
    private static readonly Gen<string> Word = Gen.OneOf(
        "a",
        "b",
        "ab",
        "a,b",
        "a\",\"b",
        "a\n",
        "[",
        "]",
        "\"",
        "\\",
        "a]",
        "[]",
        ""
    );

    /// <summary>
    /// Hashes are stored, and compared when a later version of this program activates what was approved under an
    /// earlier one.
    /// </summary>
    [Fact]
    public void It_is_the_sha_256_of_a_json_array_and_stays_so()
    {
        const string array = """
            ["jit-scope-1","issuer#alice","alice@example.com","demo",["payments"],false,"ClusterRole/edit",["[[\u0022payments\u0022],[\u0022\u0022],[\u0022configmaps\u0022],[\u0022get\u0022,\u0022update\u0022],[],[]]"],null,18000000000,false,"sha256:1"]
            """;
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(array)))}", Seen);
    }

    [Fact]
    public void Lists_are_in_the_order_of_their_characters_whatever_order_they_were_given_in()
    {
        const string array = """
            ["jit-scope-1","issuer#alice","alice@example.com","demo",["orders","payments"],false,"ClusterRole/edit",["[[\u0022orders\u0022,\u0022payments\u0022],[\u0022\u0022],[\u0022pods\u0022],[\u0022get\u0022],[],[]]","[[\u0022orders\u0022,\u0022payments\u0022],[],[],[\u0022get\u0022],[],[\u0022/a\u0022,\u0022/b\u0022]]"],null,18000000000,false,"sha256:1"]
            """;
        Assert.Equal(
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(array)))}",
            Hash(rights: [In("payments orders", Urls("get", "/b /a"), Rule("get", "pods"))])
        );
    }

    [Fact]
    public void Everything_that_is_decided_about_changes_it()
    {
        string[] hashes =
        [
            Hash(),
            Hash(by: Alice.Principal with { Subject = "issuer#other" }),
            Hash(by: Alice.Principal with { Username = "other@example.com" }),
            Hash(terms: Asked with { Scope = Asked.Scope with { Cluster = "other" } }),
            Hash(terms: Asked with { Scope = Asked.Scope with { Namespaces = ["orders"] } }),
            Hash(terms: Asked with { Scope = Asked.Scope with { ClusterWide = true } }),
            Hash(terms: Asked with { Scope = Asked.Scope with { Role = new(RoleKind.ClusterRole, "view") } }),
            Hash(terms: Asked with { Scope = Asked.Scope with { Role = new(RoleKind.Role, "edit") } }),
            Hash(terms: Asked with { Scope = Asked.Scope with { Role = null } }),
            Hash(terms: Asked with { Duration = Asked.Duration + TimeSpan.FromTicks(1) }),
            Hash(terms: Asked with { Start = Noon }),
            Hash(terms: Asked with { Start = Noon.AddTicks(1) }),
            Hash(terms: Asked with { BreakGlass = true }),
            Hash(policy: Policy with { Version = "sha256:2" }),
            Hash(policy: Policy with { Enforcement = Enforcement.Ephemeral }),
            Hash(rights: []),
            Hash(rights: [In("orders", [.. Allowed[0].Rules])]),
            Hash(rights: [Everywhere([.. Allowed[0].Rules])]),
            Hash(rights: [In("orders payments", Rule("get list", "pods pods/log", "core apps", "a", "b"))]),
            Hash(
                rights: [In("orders payments", Rule("get list", "pods pods/log", "core apps"), Rule("get", "services"))]
            ),
            Hash(
                rights:
                [
                    In("orders payments", Rule("get", "pods pods/log", "core apps", "a", "b"), Rule("get", "services")),
                ]
            ),
            Hash(
                rights:
                [
                    In("orders payments", Rule("get list", "pods", "core apps", "a", "b"), Rule("get", "services")),
                ]
            ),
            Hash(
                rights:
                [
                    In("orders payments", Rule("get list", "pods pods/log", "core", "a", "b"), Rule("get", "services")),
                ]
            ),
            Hash(
                rights:
                [
                    In("orders payments", Rule("get list", "pods pods/log", "core apps", "a"), Rule("get", "services")),
                ]
            ),
            Hash(rights: [In("orders payments", [.. Allowed[0].Rules, Urls("get", "/metrics")])]),
        ];
        Assert.Equal(hashes, hashes.Distinct());
    }

    [Fact]
    public void The_default_enforcement_does_not_change_the_scope_hash() =>
        Assert.Equal(Hash(), Hash(policy: Policy with { Enforcement = Enforcement.Identity }));

    [Fact]
    public void Order_does_not_change_it()
    {
        Assert.Equal(
            Hash(),
            Hash(terms: Asked with { Scope = Asked.Scope with { Namespaces = ["payments", "orders"] } })
        );
        Assert.Equal(
            Hash(),
            Hash(
                rights:
                [
                    In(
                        "payments orders",
                        Rule("get", "services"),
                        Rule("list get", "pods/log pods", "apps core", "b", "a")
                    ),
                ]
            )
        );
        Assert.Equal(
            Hash(rights: [In("orders", Rule("get", "pods")), In("payments", Rule("list", "pods"))]),
            Hash(rights: [In("payments", Rule("list", "pods")), In("orders", Rule("get", "pods"))])
        );
    }

    [Fact]
    public void No_names_and_an_empty_list_of_them_are_the_same_and_so_are_equal_instants()
    {
        var rule = Rule("get", "pods");
        Assert.Equal(
            Hash(rights: [In("orders", rule with { ResourceNames = null })]),
            Hash(rights: [In("orders", rule with { ResourceNames = [] })])
        );
        Assert.Equal(
            Hash(terms: Asked with { Start = Noon }),
            Hash(terms: Asked with { Start = Noon.ToOffset(TimeSpan.FromHours(5)) })
        );
    }

    [Fact]
    public void Rights_in_one_place_are_not_those_in_another() =>
        Assert.NotEqual(
            Hash(rights: [In("orders", Rule("get", "pods")), In("payments", Rule("list", "pods"))]),
            Hash(rights: [In("orders", Rule("list", "pods")), In("payments", Rule("get", "pods"))])
        );

    [Fact]
    public void No_words_make_two_different_scopes_look_alike() =>
        Gen.Select(Placed(), Placed())
            .Sample(
                (one, other) => Assert.Equal(Same(one, other), Hash(rights: [one]) == Hash(rights: [other])),
                iter: 5_000
            );

    [Fact]
    public void No_names_make_two_different_requests_look_alike() =>
        Gen.Select(Word.Array[6], Word.Array[6])
            .Sample((one, other) => Assert.Equal(one.SequenceEqual(other), Of(one) == Of(other)), iter: 5_000);

    [Fact]
    public void An_extension_is_about_its_grant_its_length_and_when_it_was_asked_for()
    {
        string[] hashes =
        [
            Seen,
            ScopeHash.OfExtension(Seen, Noon, TimeSpan.FromMinutes(30), Noon),
            ScopeHash.OfExtension(Hash(), Noon, TimeSpan.FromMinutes(30), Noon),
            ScopeHash.OfExtension(Seen, Noon.AddTicks(1), TimeSpan.FromMinutes(30), Noon),
            ScopeHash.OfExtension(Seen, Noon, TimeSpan.FromMinutes(31), Noon),
            ScopeHash.OfExtension(Seen, Noon, TimeSpan.FromMinutes(30), Noon.AddTicks(1)),
        ];
        Assert.Equal(hashes, hashes.Distinct());
    }

    private static Gen<NamespacedRules> Placed() =>
        Gen.Select(
            Word.Array[0, 2],
            Word.Array[0, 2],
            Word.Array[0, 2],
            Word.Array[0, 2],
            Word.Array[0, 2],
            (namespaces, groups, resources, verbs, names) =>
                new NamespacedRules(namespaces, [new(groups, resources, verbs, names)])
        );

    private static bool Same(NamespacedRules one, NamespacedRules other)
    {
        var (a, b) = (one.Rules[0], other.Rules[0]);
        return one.Namespaces.Order().SequenceEqual(other.Namespaces.Order())
            && SameWords(a.ApiGroups, b.ApiGroups)
            && SameWords(a.Resources, b.Resources)
            && SameWords(a.Verbs, b.Verbs)
            && SameWords(a.ResourceNames!, b.ResourceNames!);
    }

    private static bool SameWords(IReadOnlyList<string> a, IReadOnlyList<string> b) => a.ToHashSet().SetEquals(b);

    private static string Of(string[] words) =>
        ScopeHash.Of(
            new Principal(words[0], words[1]),
            new RequestTerms(
                new Scope(words[2], [words[3]], false, new(RoleKind.Role, words[4])),
                TimeSpan.Zero,
                "",
                null
            ),
            [],
            Policy with
            {
                Version = words[5],
            }
        );

    private static string Hash(
        Principal? by = null,
        RequestTerms? terms = null,
        IReadOnlyList<NamespacedRules>? rights = null,
        PolicySnapshot? policy = null
    ) => ScopeHash.Of(by ?? Alice.Principal, terms ?? Asked, rights ?? Allowed, policy ?? Policy);
}
