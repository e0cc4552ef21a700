using System.Text.Json;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>A dossier as text: labelled lines, then what happened in the order of time.</summary>
internal static class DossierOutput
{
    public static void Write(TextWriter writer, JsonElement dossier)
    {
        var fields = new Fields(writer);
        fields.Line("Request", Text(dossier, "request"));
        fields.Line("Requester", Text(dossier, "asked", "requester", "username"));
        fields.Line("Cluster", Text(dossier, "asked", "terms", "scope", "cluster"));
        fields.Text("Reason", Text(dossier, "asked", "terms", "reason"));
        fields.Line("Policy", $"{Text(dossier, "policy", "name")}, version {Text(dossier, "policy", "version")}");
        foreach (var one in Items(dossier, "decisions"))
        {
            fields.Line(
                "Decided",
                $"{Text(one, "at")} {Text(one, "about")}: {Text(one, "verdict")} by "
                    + (Text(one, "by", "username") ?? "the policy")
            );
        }

        fields.Line("Live from", Text(dossier, "life", "from") ?? "never");
        fields.Line("Live until", Text(dossier, "life", "until"));
        fields.Line("Promised", Text(dossier, "life", "promisedUntil"));
        fields.Line("Ended late", Text(dossier, "life", "isLate") == "true" ? "yes" : null);
        foreach (var (label, name) in Counts)
            fields.Line(label, Text(dossier, "actions", "actions", name));
        fields.Line("After seal", Text(dossier, "actions", "late"));
        fields.Line("Use", Text(dossier, "actions", "use"));
        fields.Line("First use", Text(dossier, "actions", "firstUseAt"));
        fields.Line("Ended as", Text(dossier, "end", "status"));
        fields.Line("Denial", Text(dossier, "end", "proof", "verdict"));
        foreach (var one in Items(dossier, "remains"))
            fields.Line("Remains", $"{Text(one, "kind")} {Text(one, "name")} ({Text(one, "certainty")})");
        foreach (var one in Items(dossier, "gaps"))
            fields.Line("Gap", $"{Text(one, "kind")}: {Text(one, "detail")}");
        fields.Line("Seal", $"{Text(dossier, "seal", "state")} {Text(dossier, "seal", "seal", "digest")}");
        fields.Line(
            "Log",
            Text(dossier, "log", "size") is { } size ? $"{size} leaves, {Text(dossier, "log", "root")}" : null
        );
        writer.WriteLine();
        foreach (var (_, line) in Lines(dossier).OrderBy(line => line.At))
            writer.WriteLine(Printable.Text(line));
    }

    private static readonly (string Label, string Name)[] Counts =
    [
        ("By grant", "exact"),
        ("Failed", "failed"),
        ("After end", "afterEnd"),
        ("Refused", "attempts"),
        ("Not needed", "notNeeded"),
        ("Otherwise", "allowedOtherwise"),
    ];

    private static IEnumerable<(DateTimeOffset At, string Line)> Lines(JsonElement dossier)
    {
        foreach (var one in Items(dossier, "events"))
        {
            yield return (
                one.GetProperty("at").GetDateTimeOffset(),
                $"{Text(one, "at")}  {Text(one, "type")}  leaf {Text(one, "index") ?? "not yet"}"
            );
        }

        foreach (var one in Items(dossier, "recorded"))
        {
            yield return (
                one.GetProperty("action").GetProperty("stageAt").GetDateTimeOffset(),
                $"{Text(one, "action", "stageAt")}  {Text(one, "action", "user")} {Text(one, "action", "summary")} "
                    + $"({Text(one, "action", "attribution")})"
                    + (Text(one, "arrivedAfterTheSeal") == "true" ? "  arrived after the seal" : "")
            );
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out var items) && items.ValueKind is JsonValueKind.Array
            ? items.EnumerateArray()
            : [];

    private static string? Text(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return null;
        }

        return json.ValueKind switch
        {
            JsonValueKind.String => json.GetString(),
            JsonValueKind.Null => null,
            _ => json.GetRawText(),
        };
    }
}
