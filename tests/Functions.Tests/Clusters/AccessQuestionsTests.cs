using JitFunctions.Domain.Rights;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Tests.Clusters;

public sealed class AccessQuestionsTests
{
    [Fact]
    public void Few_rights_are_all_asked_about() =>
        Assert.Equal(
            [
                "get pods one",
                "get pods two",
                "get pods/log one",
                "get pods/log two",
                "list pods one",
                "list pods two",
                "list pods/log one",
                "list pods/log two",
                "delete secrets ",
            ],
            Ask(
                20,
                new([""], ["pods", "pods/log"], ["get", "list"], ["one", "two"]),
                new([""], ["secrets"], ["delete"])
            )
        );

    [Fact]
    public void Many_rights_are_asked_about_from_the_first_rule_to_the_last()
    {
        var asked = Ask(4, [.. Enumerable.Range(0, 40).Select(i => new RbacRule([""], [$"r{i}"], ["get"]))]);
        Assert.Equal(["get r0 ", "get r10 ", "get r20 ", "get r30 "], asked);
    }

    [Fact]
    public void A_wildcard_is_asked_about_by_examples() =>
        Assert.Equal(
            ["get secrets ", "get pods ", "create secrets ", "create pods ", "delete secrets ", "delete pods "],
            Ask(20, new RbacRule(["*"], ["*"], ["*"]))
        );

    // Whoever may write rules must not be able to keep the app, and with it the end of every grant, busy for ever.
    [Fact]
    public void Rules_as_long_as_they_may_be_take_no_time()
    {
        IReadOnlyList<string> many = [.. Enumerable.Range(0, 50).Select(i => $"w{i}")];
        var asked = Ask(20, [.. Enumerable.Repeat(new RbacRule(many, many, many, many), 20)]);
        Assert.Equal(20, asked.Count);
    }

    [Fact]
    public void A_word_that_is_repeated_is_one() =>
        Assert.Equal(
            ["get pods one"],
            Ask(20, new RbacRule(["", ""], ["pods", "pods"], ["get", "get"], ["one", "one"]))
        );

    [Fact]
    public void Rules_about_no_resources_lead_to_no_questions() =>
        Assert.Empty(Ask(20, new RbacRule([], [], ["get"], null, ["/metrics"])));

    private static List<string> Ask(int most, params IReadOnlyList<RbacRule> rules) =>
        [
            .. AccessQuestions
                .Over(rules, "payments", most)
                .Select(x => $"{x.Verb} {x.Resource}{(x.Subresource is { } sub ? $"/{sub}" : "")} {x.Name}"),
        ];
}
