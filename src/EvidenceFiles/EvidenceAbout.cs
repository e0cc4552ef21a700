using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Evidence;

namespace JitFunctions.EvidenceFiles;

/// <summary>What an archive says of itself, in <see cref="EvidenceNames.About"/>.</summary>
/// <param name="Period">Nothing proves it: whoever asked for the archive knows it.</param>
/// <param name="Leaves">The size of the log.</param>
/// <param name="AsOf">When the last leaf was recorded.</param>
/// <param name="Requests">The rows of the population.</param>
/// <param name="Exceptions">The rows of the exceptions.</param>
public sealed record EvidenceAbout(
    EvidencePeriod Period,
    string Origin,
    long Leaves,
    DateTimeOffset AsOf,
    long Requests,
    long Exceptions
)
{
    /// <summary>
    /// The version of the rules by which rows are made of leaves. It is raised when a later version would make another
    /// row or exception of the same leaves.
    /// </summary>
    public const int Rules = 1;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public override string ToString() =>
        new JsonObject
        {
            ["rules"] = Rules,
            ["from"] = EvidencePeriod.Text(Period.From),
            ["to"] = EvidencePeriod.Text(Period.To),
            ["origin"] = Origin,
            ["leaves"] = Leaves,
            ["asOf"] = EvidencePeriod.Text(AsOf),
            ["requests"] = Requests,
            ["exceptions"] = Exceptions,
        }.ToJsonString(Indented) + "\n";

    /// <exception cref="FormatException">It is not in this form, or follows other rules.</exception>
    public static EvidenceAbout Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var json = document.RootElement;
            if (json.GetProperty("rules").GetInt32() is not Rules and var rules)
                throw new FormatException(
                    $"The archive was made by rules {rules}, and this version knows rules {Rules}: use the plugin of "
                        + "the version that made it."
                );
            return new(
                new(Time("from"), Time("to")),
                json.GetProperty("origin").GetString()!,
                json.GetProperty("leaves").GetInt64(),
                Time("asOf"),
                json.GetProperty("requests").GetInt64(),
                json.GetProperty("exceptions").GetInt64()
            );

            DateTimeOffset Time(string name) =>
                EvidencePeriod.TryParse(json.GetProperty(name).GetString()!, out var at)
                    ? at
                    : throw new FormatException($"'{name}' is no time.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"'{EvidenceNames.About}' is not in its form.", e);
        }
    }
}
