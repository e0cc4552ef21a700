using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;
using JitFunctions.Functions.Policies;
using JitFunctions.PolicyReading;
using Json.Schema;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>Holds the schema, which editors go by, against the parser, which decides.</summary>
public sealed class PolicySchemaTests
{
    public static TheoryData<PolicyMistake> StructuralMistakes =>
        [.. PolicyMistakes.All.Where(mistake => mistake.Structural && YamlAsJson.IsYaml(mistake.Text))];

    [Fact]
    public void The_schema_is_a_valid_JSON_schema() =>
        Assert.True(MetaSchemas.Draft202012.Evaluate(JsonElement.Parse(PolicySchema.Text)).IsValid);

    [Fact]
    public void What_the_parser_takes_the_schema_takes() =>
        Assert.True(PolicySchemaCheck.Accepts(PolicySample.Rich), PolicySchemaCheck.WhyNot(PolicySample.Rich));

    [Theory]
    [MemberData(nameof(StructuralMistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_of_structure_is_found_by_the_schema_too(PolicyMistake mistake) =>
        Assert.False(PolicySchemaCheck.Accepts(mistake.Text));

    [Fact]
    public void Most_mistakes_are_of_structure() => Assert.True(StructuralMistakes.Count > 150);

    [Fact]
    public void Both_have_the_same_forms_of_text()
    {
        var definitions = JsonNode.Parse(PolicySchema.Text)!["$defs"]!.AsObject();
        Assert.Each(
            TextForm.All,
            form => Assert.Equal($"^(?:{form.Pattern})$", (string?)definitions[form.Name]!["pattern"])
        );
        Assert.Equal(
            definitions
                .Where(definition => definition.Value!["pattern"] is not null)
                .Select(definition => definition.Key)
                .Order(),
            TextForm.All.Select(form => form.Name).Order()
        );
    }

    /// <summary>
    /// Policy files and requests follow one rule for each character, whether it is written plainly or
    /// escaped.
    /// </summary>
    [Fact]
    public void No_form_of_text_takes_a_character_that_is_not_seen()
    {
        List<Rune> all = [.. Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(code => new Rune(code))];
        Assert.Equal(
            all.Where(rune => !PlainText.IsUnseen(rune)),
            all.Where(rune => TextForm.Sentence.Fits($"a{rune}b"))
        );
        Assert.Equal(
            all.Where(rune => !PlainText.IsUnseenInName(rune)),
            all.Where(rune => TextForm.Who.Fits($"a{rune}b"))
        );
        Assert.DoesNotContain(all.Where(PlainText.IsUnseen), rune => TextForm.All.Any(form => form.Fits($"a{rune}b")));
    }

    [Fact]
    public void Both_have_the_same_dangerous_rights() =>
        Assert.Equal(
            DangerousRights.Kinds,
            JsonNode.Parse(PolicySchema.Text)!["$defs"]!["kind"]!["enum"]!.AsArray().Select(kind => (string?)kind)
        );

    [Fact]
    public void No_mapping_takes_what_it_does_not_know()
    {
        var open = Objects(JsonNode.Parse(PolicySchema.Text)!)
            .Where(schema =>
                schema["properties"] is not null
                && (string?)schema["type"] == "object"
                && schema["additionalProperties"]?.ToJsonString() != "false"
            );
        Assert.Empty(open);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) =>
        node switch
        {
            JsonObject found => [found, .. found.SelectMany(member => Objects(member.Value))],
            JsonArray items => items.SelectMany(Objects),
            _ => [],
        };
}
