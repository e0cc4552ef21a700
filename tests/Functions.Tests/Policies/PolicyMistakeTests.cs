using System.Text;
using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PolicyMistakeTests
{
    public static TheoryData<PolicyMistake> Mistakes => [.. PolicyMistakes.All];

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void What_is_wrong_is_named_by_file_line_and_column(PolicyMistake mistake)
    {
        var errors = PolicySample.ErrorsOf(mistake.Text);
        Assert.Contains(
            errors,
            line =>
                line.StartsWith(mistake.Place, StringComparison.Ordinal)
                && line.Contains(mistake.Error, StringComparison.Ordinal)
        );
        Assert.Each(errors, line => Assert.Matches(@"^policy\.yaml:\d+:\d+: .*[^\s].$", line));
    }

    [Theory]
    [InlineData("groups: [devs], ", "policy.yaml:3:3: say who may ask")]
    [InlineData("clusters: [demo], ", "policy.yaml:3:3: say for which 'clusters'")]
    [InlineData("namespaces: [payments], ", "policy.yaml:3:3: say for which 'namespaces'")]
    [InlineData("roles: [ClusterRole/view], ", "policy.yaml:3:3: say for which 'roles'")]
    [InlineData("maxDuration: 1h, ", "policy.yaml:3:3: say the longest duration")]
    [InlineData(", approval: { groups: [leads] }", "policy.yaml:3:3: say who approves")]
    public void What_is_missing_is_told_where_it_should_be(string field, string error)
    {
        const string good =
            "policies:\n# on call\n- { name: a, groups: [devs], clusters: [demo], namespaces: [payments], roles: "
            + "[ClusterRole/view], maxDuration: 1h, approval: { groups: [leads] } }";
        PolicySample.Parse(good);
        Assert.StartsWith(
            error,
            Assert.Single(PolicySample.ErrorsOf(good.Replace(field, "", StringComparison.Ordinal))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_errors_of_all_files_are_told_at_once()
    {
        var errors = PolicySample.ErrorsOf(
            PolicySample
                .With("maxDuration: 1h30m", "maxDuration: soon")
                .Replace("required: 2", "required: many", StringComparison.Ordinal),
            "polices: []",
            "["
        );
        Assert.Equal(4, errors.Count);
        Assert.Contains(
            errors,
            line => line.StartsWith("1-policy.yaml:1:1: unknown field 'polices'", StringComparison.Ordinal)
        );
        Assert.Contains(errors, line => line.StartsWith("2-policy.yaml:2:1: not YAML", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "denials: [{ name: x, because: y }]",
        "denials: [{ name: X, because: z }]",
        "b.yaml:1:19: 'X' is at a.yaml:1 already: policies and denials each need a name of their own."
    )]
    [InlineData(
        "people: [[a, b]]",
        "people: [[c, B]]",
        "b.yaml:1:14: 'B' is at a.yaml:1 already: an account belongs to one human, and is in one list."
    )]
    public void Names_are_unique_over_all_files(string first, string second, string error)
    {
        PolicyFiles.Parse([new("a.yaml", first)]);
        Assert.Equal([error], ErrorsOf([new("b.yaml", second), new("a.yaml", first)]));
    }

    [Fact]
    public void A_policy_without_approval_is_not_one_that_needs_none()
    {
        var without = PolicySample.Rich[..PolicySample.Rich.LastIndexOf("    approval:", StringComparison.Ordinal)];
        Assert.Contains("say who approves", Assert.Single(PolicySample.ErrorsOf(without)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "must hold exactly one YAML document.")]
    [InlineData("# only a comment", "must hold exactly one YAML document.")]
    [InlineData("just text", "the file must be a mapping")]
    [InlineData("[policies]", "the file must be a mapping")]
    [InlineData("--- {}\n--- {}\n", "must hold exactly one YAML document.")]
    [InlineData("administrators: [platform-admins", "not YAML")]
    [InlineData("administrators: [a]\nadministrators: [b]", "not YAML: Duplicate key")]
    [InlineData("administrators: [a]\n\"administrators\": [b]", "Duplicate key")]
    [InlineData("administrators: &x [a]\nauditors: *x", "anchors (&name) are not allowed.")]
    [InlineData("administrators: &x [a]", "anchors (&name) are not allowed.")]
    [InlineData("auditors: *x", "aliases (*name) are not allowed: write it out.")]
    [InlineData("administrators: !!seq [a]", "tags (!name) are not allowed.")]
    [InlineData("administrators: [! a]", "tags (!name) are not allowed.")]
    [InlineData("\t:\t}", "not YAML")]
    [InlineData("%YAML 1.1\n--- {}", "%YAML is not allowed.")]
    [InlineData("%TAG ! tag:example.com,2026:\n--- {}", "%TAG is not allowed.")]
    [InlineData("%TAG !e! tag:example.com,2026:\n--- {}", "%TAG is not allowed.")]
    [InlineData("administrators: [[[[[[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]]]]]]", "too many levels of nesting.")]
    public void A_file_that_is_no_policy_file_is_refused(string text, string error) =>
        Assert.Contains(PolicySample.ErrorsOf(text), line => line.Contains(error, StringComparison.Ordinal));

    // Each of these would let a file be read otherwise than people see it.
    [Theory]
    [InlineData("policies: []\n\0auditors: [mallory]", "policy.yaml:2:1: holds the character U+0000")]
    [InlineData("policies: [] # \u202E", "policy.yaml:1:16: holds the character U+202E")]
    [InlineData("# \u2028policies: []", "policy.yaml:1:3: holds the character U+2028")]
    [InlineData("# \u0085policies: []", "policy.yaml:1:3: holds the character U+0085")]
    [InlineData("# \rpolicies: []", "policy.yaml:1:3: holds the character U+000D")]
    [InlineData("\uFEFFpolicies: []", "policy.yaml:1:1: holds the character U+FEFF")]
    [InlineData("policies: [] # \u200B", "policy.yaml:1:16: holds the character U+200B")]
    [InlineData("policies: [] # \U000E0041", "policy.yaml:1:16: holds the character U+E0041")]
    [InlineData("policies: [] # \u001b[2J", "policy.yaml:1:16: holds the character U+001B")]
    [InlineData("policies: [] # \uFFFD", "policy.yaml:1:16: is not UTF-8 text here.")]
    public void A_file_holds_nothing_that_is_not_seen(string text, string error) =>
        Assert.StartsWith(error, Assert.Single(PolicySample.ErrorsOf(text)), StringComparison.Ordinal);

    [Fact]
    public void Half_characters_are_refused()
    {
        Assert.Contains("U+D83D", Assert.Single(PolicySample.ErrorsOf("# \uD83D")), StringComparison.Ordinal);
        Assert.Contains("U+DE00", Assert.Single(PolicySample.ErrorsOf("# a\uDE00")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_file_says_does_not_reach_a_terminal_as_it_is()
    {
        var errors = PolicySample.ErrorsOf("\"poli\\u001b[2Jcies\": []\n\"a\\nb:1:1: all is well\": 1\n");
        Assert.Each(errors, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.Equal(2, errors.Count);
    }

    [Fact]
    public void Names_of_files_are_checked()
    {
        Assert.Contains("There is no policy file", Assert.Single(ErrorsOf([])), StringComparison.Ordinal);
        Assert.Contains(
            "old/a.yaml: lies in a folder below",
            Assert.Single(ErrorsOf([new("old/a.yaml", "")])),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a\uFFFDb.yaml: a file needs a name",
            Assert.Single(ErrorsOf([new("a\nb.yaml", "{}")])),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a.yaml: there are two files",
            Assert.Single(ErrorsOf([new("a.yaml", "{}"), new("a.yaml", "{}")])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Files_have_a_limit()
    {
        Assert.Empty(PolicyFiles.Parse(Files(200, "{}")).Policies);
        Assert.Contains("201 policy files: 200 at most.", ErrorsOf(Files(201, "{}")));
        Assert.Contains(
            "more than 1048576 bytes",
            Assert.Single(ErrorsOf([new("a.yaml", "{}"), new("b.yaml", "{} #" + new string('ä', 1 << 19))])),
            StringComparison.Ordinal
        );

        static List<PolicyFileText> Files(int count, string content) =>
            [.. Enumerable.Range(0, count).Select(i => new PolicyFileText($"{i}.yaml", content))];
    }

    [Fact]
    public void Policies_have_a_limit()
    {
        Assert.Equal(5000, PolicySample.Parse(Policies(5000)).Policies.Count);
        Assert.Equal(["5001 policies: 5000 at most."], PolicySample.ErrorsOf(Policies(5001)));

        static string Policies(int count) =>
            new StringBuilder("policies:\n")
                .AppendJoin(
                    '\n',
                    Enumerable
                        .Range(0, count)
                        .Select(i =>
                            $"- {{ name: p{i}, users: [u{i}], clusters: [a], namespaces: [b], roles: [Role/c], "
                            + $"maxDuration: 1h, ticket: 'INC-\\d+', approval: {{ groups: [d] }} }}"
                        )
                )
                .ToString();
    }

    // Each of these takes a careless reader minutes, or all of its stack.
    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: [")]
    [InlineData("&a ")]
    [InlineData("!!a ")]
    [InlineData("\"\\")]
    [InlineData("a: |\n ")]
    [InlineData("%TAG ! ! \n")]
    [InlineData("--- {}\n")]
    [InlineData("a: b\n")]
    [InlineData("a\n")]
    [InlineData("'' ")]
    [InlineData("[],")]
    public void No_repetition_keeps_the_reader_busy(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, (1 << 19) / part.Length));
        Assert.InRange(PolicySample.ErrorsOf(text).Count, 1, 101);
        Assert.InRange(PolicySample.ErrorsOf("policies: " + text).Count, 1, 101);
    }

    [Fact]
    public void Errors_are_told_in_the_order_of_the_files() =>
        Assert.Equal(
            ["1-policy.yaml:1:17", "1-policy.yaml:2:1", "1-policy.yaml:3:11", "policy.yaml:1:11"],
            PolicySample
                .ErrorsOf("policies: {}", "administrators: a\npolices: []\nauditors: b")
                .Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)])
        );

    [Fact]
    public void No_more_errors_are_told_than_anybody_reads()
    {
        var errors = PolicySample.ErrorsOf($"administrators: [{string.Join(", ", Enumerable.Range(0, 5000))}]");
        Assert.Equal(101, errors.Count);
        Assert.Equal("There are more errors than these.", errors[^1]);
    }

    private static IReadOnlyList<string> ErrorsOf(IReadOnlyList<PolicyFileText> files) =>
        Assert.Throws<InvalidPolicyException>(() => PolicyFiles.Parse(files)).Errors;
}
