using System.Text.Json.Nodes;

namespace JitFunctions.KubectlJit.Tests;

internal static class JsonAssert
{
    public static void Equal(string expected, string actual) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)),
            $"expected {expected}{Environment.NewLine}but was  {actual}"
        );
}
