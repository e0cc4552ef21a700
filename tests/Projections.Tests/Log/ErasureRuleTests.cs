using System.Text.Json.Nodes;
using JitFunctions.Projections.Log;

namespace JitFunctions.Projections.Tests.Log;

public sealed class ErasureRuleTests
{
    private static readonly PersonNames Names = new(["https://issuer#a1", "alice@example.com"]);
    private static readonly HashSet<string> Known = ["erased-0a1b2c3d"];

    [Theory]
    [InlineData("username", "\"Alice@Example.com\"", false, false, true)]
    [InlineData("username", "\"bob@example.com\"", true, true, false)]
    [InlineData("subject", "\"https://issuer#a1\"", false, false, true)]
    [InlineData("comment", "\"as alice@example.com said\"", false, false, true)]
    [InlineData("comment", "\"fine\"", true, false, true)]
    [InlineData("comment", "\"fine\"", false, true, false)] // by an approver, and about nobody
    [InlineData("groups", "[\"payments-devs\"]", true, true, true)]
    [InlineData("groups", "[\"payments-leads\"]", false, true, false)]
    [InlineData("groups", "[]", true, true, false)]
    [InlineData("reason", "\"restart\"", false, true, true)]
    [InlineData("reason", "\"restart\"", true, false, false)] // narrowed by the person, written by another
    [InlineData("scopeHash", "\"sha256:01\"", false, true, true)]
    [InlineData("scopeHash", "\"sha256:01\"", true, false, false)]
    [InlineData("fingerprint", "\"01\"", true, true, true)]
    [InlineData("reviewers", "[\"https://issuer#b2\", \"https://issuer#a1\"]", false, false, true)]
    [InlineData("detail", "\"the cluster does not answer\"", true, true, false)]
    [InlineData("resourceNames", "[\"consumer-1\"]", true, true, false)]
    [InlineData("name", "\"alice@example.com\"", true, true, false)] // plain: the leaf commits to it
    [InlineData("verdict", "\"approve\"", true, true, false)]
    [InlineData("username", "\"erased-0a1b2c3d\"", true, true, false)]
    [InlineData("comment", "null", true, true, false)]
    public void It_erases_what_names_the_person_or_is_their_own(
        string member,
        string value,
        bool isByPerson,
        bool isOfPerson,
        bool expected
    ) => Assert.Equal(expected, ErasureRule.Erases(member, JsonNode.Parse(value), new(isByPerson, isOfPerson), Names));

    [Fact]
    public void Members_are_erased_as_a_whole_wherever_they_are_and_others_stay()
    {
        var data = JsonNode.Parse(
            """
            {"by":{"subject":"https://issuer#a1","username":"alice@example.com"},"verdict":"deny","count":3,
             "items":[{"reviewers":["x","alice@example.com"],"name":"alice@example.com"}]}
            """
        );

        Assert.Equal(3, ErasureRule.Erase(data, new(false, false), Names, (_, _) => "erased-0a1b2c3d"));

        Assert.Equal(
            """{"by":{"subject":"erased-0a1b2c3d","username":"erased-0a1b2c3d"},"verdict":"deny","count":3,"items":[{"reviewers":["erased-0a1b2c3d","erased-0a1b2c3d"],"name":"alice@example.com"}]}""",
            data!.ToJsonString()
        );
    }

    [Theory]
    [InlineData("\"erased-0a1b2c3d\"", true)]
    [InlineData("\"erased-0a1b2c3d.2\"", true)]
    [InlineData("[\"erased-0a1b2c3d\"]", true)]
    [InlineData("\"erased-0a1b2c3d \"", false)]
    [InlineData("\"erased-0a1b2c3d.2.x\"", false)]
    [InlineData("\"erased-ffffffff\"", false)]
    [InlineData("[\"erased-0a1b2c3d\",\"bob\"]", false)]
    [InlineData("[]", false)]
    [InlineData("{}", false)]
    [InlineData("17", false)]
    [InlineData("null", false)]
    public void Only_the_placeholder_of_a_recorded_erasure_is_accepted(string value, bool expected) =>
        Assert.Equal(expected, ErasureRule.IsErased(JsonNode.Parse(value), Known));
}
