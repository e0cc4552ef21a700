using System.Text.Json;
using JitFunctions.Functions.Policies;
using Json.Schema;

namespace JitFunctions.Functions.Tests.Policies;

internal static class PolicySchemaCheck
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(PolicySchema.Text);

    public static bool Accepts(string yaml) => Schema.Evaluate(Element(yaml)).IsValid;

    private static JsonElement Element(string yaml) => JsonSerializer.SerializeToElement(YamlAsJson.Convert(yaml));

    public static string WhyNot(string yaml) =>
        string.Join(
            "; ",
            Schema
                .Evaluate(Element(yaml), new() { OutputFormat = OutputFormat.List })
                .Details!.Where(detail => detail.Errors is not null)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))
        );
}
