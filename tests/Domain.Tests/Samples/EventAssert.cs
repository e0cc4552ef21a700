using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using JitFunctions.Domain.Requests;

namespace JitFunctions.Domain.Tests.Samples;

/// <summary>Compares events by their type and their whole contents, lists included.</summary>
internal static class EventAssert
{
    private const int Context = 3;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static void Equal(IEnumerable<AccessRequestEvent> expected, IEnumerable<AccessRequestEvent> actual)
    {
        var (wanted, given) = (Lines(expected), Lines(actual));
        if (!wanted.SequenceEqual(given))
            Assert.Fail($"The events differ (- expected, + actual):\n{Difference(wanted, given)}");
    }

    private static List<string> Lines(IEnumerable<AccessRequestEvent> events) =>
        [.. events.SelectMany(e => $"{e.GetType().Name} {JsonSerializer.Serialize(e, e.GetType(), Json)}".Split('\n'))];

    /// <summary>The lines between the first and the last that differ, with a few lines around them.</summary>
    private static string Difference(List<string> expected, List<string> actual)
    {
        var shorter = Math.Min(expected.Count, actual.Count);
        var (before, after) = (0, 0);
        while (before < shorter && expected[before] == actual[before])
            before++;
        while (after < shorter - before && expected[^(after + 1)] == actual[^(after + 1)])
            after++;
        return string.Join(
            '\n',
            [
                .. expected.Take(before).TakeLast(Context).Select(line => $"  {line}"),
                .. expected[before..^after].Select(line => $"- {line}"),
                .. actual[before..^after].Select(line => $"+ {line}"),
                .. expected.TakeLast(after).Take(Context).Select(line => $"  {line}"),
            ]
        );
    }
}
