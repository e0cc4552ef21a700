using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Policies;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>What documents and examples say is so.</summary>
public sealed partial class PolicyDocumentTests
{
    private static readonly string Reference = Read("policies.md");
    private static readonly IReadOnlyList<PolicyFileText> BankFiles = ReadAll("examples/bank");
    private static readonly PolicySet Bank = PolicyFiles.Parse(BankFiles);

    public static TheoryData<string> Blocks =>
        [.. YamlBlock().Matches(Reference).Select(match => match.Groups["yaml"].Value)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Each_example_of_the_reference_is_valid(string yaml)
    {
        Assert.NotEmpty(PolicySample.Parse(yaml).Policies);
        Assert.True(PolicySchemaCheck.Accepts(yaml), PolicySchemaCheck.WhyNot(yaml));
    }

    [Fact]
    public void The_reference_has_examples() => Assert.True(Blocks.Count >= 3);

    [Theory]
    [InlineData("demo/policies.yaml")]
    [InlineData("benchmarks/policies.yaml")]
    public void The_repositorys_own_policies_are_valid(string path)
    {
        Assert.NotEmpty(PolicySample.Parse(Read(path)).Policies);
        Assert.True(PolicySchemaCheck.Accepts(Read(path)), PolicySchemaCheck.WhyNot(Read(path)));
    }

    [Fact]
    public void The_policies_of_the_end_to_end_tests_are_valid()
    {
        var files = ReadAll("tests/EndToEnd.Tests/policies");
        Assert.NotEmpty(PolicyFiles.Parse(files).Policies);
        Assert.Each(
            files,
            file => Assert.True(PolicySchemaCheck.Accepts(file.Content), PolicySchemaCheck.WhyNot(file.Content))
        );
    }

    [Fact]
    public void The_bank_is_valid_and_asks_people_in_production()
    {
        PolicyInvariants.Hold(Bank);
        Assert.Equal(
            [
                "payments-look",
                "payments-restart",
                "payments-operate",
                "stage-admin",
                "invited",
                "maintenance",
                "last-resort",
            ],
            Bank.Policies.Select(policy => policy.Name)
        );
        Assert.Each(
            BankFiles,
            file => Assert.True(PolicySchemaCheck.Accepts(file.Content), PolicySchemaCheck.WhyNot(file.Content))
        );
        Assert.Each(
            Bank.Policies.Where(policy => policy.Limits.Clusters.Any(cluster => cluster.Matches("prod-eu"))),
            policy => Assert.NotEmpty(policy.Approval.Requirements)
        );
    }

    [Theory]
    [InlineData("payments-devs", "payments-api", "pods", "delete", "payments-restart")]
    [InlineData("payments-devs", "payments-api", "secrets", "get", "not-covered")]
    [InlineData("payments-devs", "payroll", "pods", "delete", "not-covered")]
    [InlineData("payments-devs,contractors", "payments-api", "pods", "delete", "denied-by-policy")]
    [InlineData("payments-devs", "swift-out", "pods", "delete", "denied-by-policy")]
    [InlineData("payments-devs", "payments-api", "serviceaccounts", "impersonate", "denied-by-policy")]
    public void The_bank_decides_as_its_comments_say(
        string groups,
        string space,
        string resource,
        string verb,
        string outcome
    )
    {
        var caller = new Caller(new Principal("issuer#alice", "alice@bank.example"), groups.Split(','));
        var scope = new Scope("prod-eu", [space], ClusterWide: false, null, [new RbacRule([""], [resource], [verb])]);
        var facts = new ClusterFacts(
            new Dictionary<string, IReadOnlyDictionary<string, string>> { [space] = new Dictionary<string, string>() },
            scope.AdHocRights(),
            null
        );

        var evaluation = Bank.Evaluate(
            caller,
            new RequestDraft(scope, null, "a consumer is stuck", "INC-4711"),
            facts,
            DateTimeOffset.UnixEpoch
        );

        Assert.Equal(outcome, evaluation.Covering?.Name ?? evaluation.Refusal!.Code);
    }

    [Fact]
    public void The_reference_knows_every_field_and_every_kind_of_danger()
    {
        var fields = Properties(JsonNode.Parse(PolicySchema.Text)).Distinct().ToList();
        Assert.Contains("breakGlass", fields);
        Assert.Each(fields.Concat(DangerousRights.Kinds), word => Assert.Matches($@"\b{word}\b", Reference));
    }

    [Fact]
    public void The_scope_hash_is_as_the_reference_says()
    {
        var array = JsonBlock().Match(Reference).Groups["json"].Value.Trim();
        var policy = new PolicySnapshot("debug", "sha256:a29f", false, [], 0, TimeSpan.FromHours(4));

        Assert.Equal(HashOf(array), Hash(policy));
        Assert.Contains($"`{Hash(policy)}`", Reference, StringComparison.Ordinal);
        Assert.Equal(
            HashOf($"{array[..^1]},\"ephemeral\"]"),
            Hash(policy with { Enforcement = Enforcement.Ephemeral })
        );

        static string HashOf(string text) =>
            $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

        static string Hash(PolicySnapshot policy) =>
            ScopeHash.Of(
                new Principal("https://login.example.com#6f1c", "alice@example.com"),
                new RequestTerms(
                    new Scope("prod-eu", ["payments"], false, new RoleRef(RoleKind.Role, "debugger")),
                    TimeSpan.FromMinutes(30),
                    "any reason",
                    null
                ),
                [new NamespacedRules(["payments"], [new RbacRule([""], ["pods"], ["get", "delete"])])],
                policy
            );
    }

    private static string Documents => Path.Combine(AppContext.BaseDirectory, "documents");

    private static IReadOnlyList<PolicyFileText> ReadAll(string folder) =>
        [
            .. System
                .IO.Directory.GetFiles(Path.Combine(Documents, folder))
                .Select(file => new PolicyFileText(Path.GetFileName(file), File.ReadAllText(file))),
        ];

    private static string Read(string name) => File.ReadAllText(Path.Combine(Documents, name));

    private static IEnumerable<string> Properties(JsonNode? node) =>
        node switch
        {
            JsonObject found => found.SelectMany(member =>
                member is { Key: "properties", Value: JsonObject properties }
                    ?
                    [
                        .. properties.Select(property => property.Key),
                        .. properties.SelectMany(property => Properties(property.Value)),
                    ]
                    : Properties(member.Value)
            ),
            JsonArray items => items.SelectMany(Properties),
            _ => [],
        };

    [GeneratedRegex(@"^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"^```json\n(?<json>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
