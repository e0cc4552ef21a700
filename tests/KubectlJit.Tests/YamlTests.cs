using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using JitFunctions.KubectlJit.Output;
using YamlDotNet.Serialization;

namespace JitFunctions.KubectlJit.Tests;

public sealed class YamlTests
{
    [Theory]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("12e3")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData(".inf")]
    [InlineData("2026-11-23")]
    [InlineData("12:30:45")]
    [InlineData(" leading")]
    [InlineData("trailing ")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    [InlineData("# c")]
    [InlineData("- a")]
    [InlineData("two\nlines\n")]
    [InlineData("tab\there")]
    [InlineData("quote \" and ' and \\")]
    [InlineData("\e[31mred\u0085\u2028\u200b")]
    [InlineData("größer 😀")]
    [InlineData("restart the stuck consumer")]
    public void A_text_stays_the_same_text(string text) =>
        Assert.True(SurvivesYaml(new JsonObject { ["a"] = text, ["b"] = new JsonArray(text) }));

    [Theory]
    [InlineData("y")]
    [InlineData("No")]
    [InlineData("yes")]
    [InlineData("ON")]
    [InlineData("off")]
    public void A_word_that_yaml_1_1_reads_as_a_boolean_is_quoted(string word)
    {
        using var writer = new StringWriter();

        Yaml.Write(writer, JsonElement.Parse($"[\"{word}\"]"));

        Assert.Equal($"- \"{word}\"\n", writer.ToString());
    }

    [Fact]
    public void Any_text_stays_the_same_text() =>
        Gen
            .String.Where(text => !text.Any(char.IsSurrogate))
            .Sample(text => SurvivesYaml(new JsonObject { ["value"] = text, ["x" + text] = 1 }));

    [Fact]
    public void Numbers_booleans_and_null_keep_their_types() =>
        Assert.True(
            SurvivesYaml(
                JsonNode.Parse(
                    """{"number":17,"negative":-3,"fraction":1.5,"yes":true,"no":false,"nothing":null,"none":{},"empty":[],"deep":[[1,[]],{"a":[{"b":"c"}]}]}"""
                )!
            )
        );

    [Fact]
    public void It_reads_like_what_kubectl_prints()
    {
        using var writer = new StringWriter();

        Yaml.Write(
            writer,
            JsonElement.Parse(
                """
                { "id": "3f9k", "namespaces": ["payments", "a b"], "role": { "kind": "ClusterRole", "name": "edit" }, "version": 4,
                  "bindings": [{ "name": "jit-3f9k", "uid": "u" }] }
                """
            )
        );

        Assert.Equal(
            """
            id: "3f9k"
            namespaces:
            - payments
            - a b
            role:
              kind: ClusterRole
              name: edit
            version: 4
            bindings:
            - name: jit-3f9k
              uid: u

            """,
            writer.ToString()
        );
    }

    private static bool SurvivesYaml(JsonNode json)
    {
        using var writer = new StringWriter();
        Yaml.Write(writer, JsonElement.Parse(json.ToJsonString()));
        var read = new DeserializerBuilder()
            .WithAttemptingUnquotedStringTypeDeserialization()
            .Build()
            .Deserialize<object?>(writer.ToString());
        return JsonNode.DeepEquals(json, Json(read));
    }

    private static JsonNode? Json(object? value) =>
        value switch
        {
            null => null,
            Dictionary<object, object?> map => new JsonObject(
                map.Select(pair => KeyValuePair.Create($"{pair.Key}", Json(pair.Value)))
            ),
            List<object?> list => new JsonArray([.. list.Select(Json)]),
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            float number => JsonValue.Create((decimal)number),
            double number => JsonValue.Create((decimal)number),
            var number => JsonValue.Create(
                Convert.ToDecimal(number, System.Globalization.CultureInfo.InvariantCulture)
            ),
        };
}
