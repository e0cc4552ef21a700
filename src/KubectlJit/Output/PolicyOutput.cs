using System.Text.Json;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.PolicyReading;

namespace JitFunctions.KubectlJit.Output;

/// <summary>
/// Prints answers about policies to standard output in the chosen format: the server's JSON, or text for people.
/// </summary>
internal sealed class PolicyOutput(Shell shell, OutputFormat format)
{
    private readonly Fields _fields = new(shell.Out);

    public void WriteOffers(JsonElement json)
    {
        var offers = json.Read(ApiJson.Default.PolicyOffers).Items;
        if (offers is [])
            shell.Error.WriteLine("No policy lets you ask for anything.");
        if (IsDocument(json))
            return;
        foreach (var (i, offer) in offers.Index())
        {
            if (i > 0)
                shell.Out.WriteLine();
            new OfferDetails(_fields).Write(offer);
        }
    }

    public Simulation WriteSimulation(JsonElement json)
    {
        var simulation = json.Read(ApiJson.Default.Simulation);
        if (!IsDocument(json))
            WriteSimulation(simulation);
        return simulation;
    }

    public void WriteHolders(JsonElement json)
    {
        var holders = json.Read(ApiJson.Default.RightHolders);
        if (!IsDocument(json))
        {
            new Table(
                shell,
                format,
                new("POLICY", Least: 8),
                new("WHO", Least: 8),
                new("EXCEPT", Least: 6),
                new("BY", Least: 8),
                new("APPROVAL", Least: 8),
                new("SOURCE", Least: 8)
            ).Add(
                holders.Items.Select(holder =>
                    new[]
                    {
                        holder.Policy,
                        Words.People(holder.Groups, holder.Users),
                        Words.People(holder.ExceptGroups, holder.ExceptUsers),
                        string.Join(", ", holder.By ?? []),
                        Words.Approval(holder.Automatic, holder.Requirements),
                        holder.Source,
                    }
                )
            );
        }

        if (holders.Items is [])
            shell.Error.WriteLine(
                "No policy lets anybody get this; check that verb and resource are written as in a role."
            );
        if (holders.Unresolved is not [_, ..] unresolved)
            return;
        shell.Error.WriteLine("There may be more: this could not be resolved:");
        foreach (var what in unresolved)
            shell.Error.WriteLine(Printable.Text($"  {what}"));
    }

    public void WriteVersions(JsonElement json)
    {
        var versions = json.Read(ApiJson.Default.PolicyVersions).Items;
        if (versions is [])
            shell.Error.WriteLine("No version has been published.");
        if (IsDocument(json))
            return;
        new Table(
            shell,
            format,
            new("VERSION", Shown.Narrow),
            new("VERSION", Shown.Wide),
            new("OUTCOME"),
            new("AT"),
            new("PUBLISHER", Least: 6),
            new("SOURCE", Least: 6),
            new("CHANGES", Shown.Wide),
            new("ERRORS", Shown.Wide)
        ).Add(
            versions.Select(version =>
                new[]
                {
                    Scopes.Short(version.Version),
                    version.Version,
                    version.RejectedAt is null ? "published" : "rejected",
                    (version.RejectedAt ?? version.PublishedAt) is { } at ? Timestamps.Exact(at) : null,
                    version.Publisher,
                    version.Source,
                    $"{version.Changes?.Count ?? 0}",
                    $"{version.Errors?.Count ?? 0}",
                }
            )
        );
    }

    public void WriteVersion(JsonElement json)
    {
        var version = json.Read(ApiJson.Default.PolicyVersion);
        if (IsDocument(json))
            return;
        _fields.Line("Version", version.Version);
        _fields.Line("Published", version.PublishedAt is { } published ? Timestamps.Ago(published, shell.Now) : null);
        _fields.Line("Rejected", version.RejectedAt is { } rejected ? Timestamps.Ago(rejected, shell.Now) : null);
        _fields.Text("Publisher", version.Publisher);
        _fields.Text("Source", version.Source);
        foreach (var error in version.Errors ?? [])
            _fields.Text("Error", error);
        foreach (var warning in version.Warnings ?? [])
            _fields.Text("Warning", warning);
        foreach (var change in version.Changes ?? [])
            _fields.Text("Change", change);
        foreach (var file in version.Files ?? [])
            WriteFile(file);
    }

    /// <summary>
    /// Errors go to standard output, one per line as in other linters, so that editors and pipelines find the
    /// positions.
    /// </summary>
    public void WriteCheck(PolicyCheck check)
    {
        if (format.IsDocument())
        {
            Document.Write(shell.Out, Json(check), format);
            return;
        }

        foreach (var error in check.Errors)
            shell.Out.WriteLine(Printable.Text(error));
        if (check.Errors is [])
            shell.Out.WriteLine(check.Summary);
    }

    private static JsonElement Json(PolicyCheck check) =>
        JsonElement.Parse(
            new JsonObject
            {
                ["valid"] = check.Errors is [],
                ["version"] = check.Version,
                ["files"] = check.Files,
                ["policies"] = check.Policies,
                ["errors"] = new JsonArray([.. check.Errors.Select(error => (JsonNode)error)]),
            }.ToJsonString()
        );

    // Lines are numbered, because positions are given as file and line.
    private void WriteFile(PolicyFile file)
    {
        shell.Out.WriteLine();
        _fields.Line("File", file.Name);
        foreach (var (i, line) in file.Content.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Index())
            shell.Out.WriteLine($"{i + 1, 5}  {Printable.Text(line)}".TrimEnd());
    }

    private void WriteSimulation(Simulation simulation)
    {
        _fields.Line("Covered", simulation.Covered ? "yes" : "no");
        if (simulation.Covered)
        {
            _fields.Line("Policy", Words.At(simulation.Policy, simulation.Source));
            _fields.Line("Duration", simulation.Duration);
            _fields.Text(
                "Approval",
                simulation.Automatic ? "automatic" : Sentences.Needed(simulation.Requirements ?? [])
            );
        }

        foreach (var (label, text) in DangerGroups.Lines(simulation.Dangers))
            _fields.Text(label, text);
        if (!simulation.Covered)
            WriteVerdicts(simulation.Verdicts ?? []);
    }

    private void WriteVerdicts(IReadOnlyList<PolicyVerdict> verdicts)
    {
        foreach (var verdict in verdicts)
        {
            _fields.Line("Policy", Words.At(verdict.Policy, verdict.Source));
            if (verdict.Covers)
                _fields.Line("  says", "would cover it");
            foreach (var excess in verdict.Excess ?? [])
                _fields.Text(
                    excess.Unresolved ? "  unresolved" : "  says",
                    Words.At(excess.Message, excess.Source ?? excess.Field)
                );
        }
    }

    private bool IsDocument(JsonElement json)
    {
        if (!format.IsDocument())
            return false;
        Document.Write(shell.Out, json, format);
        return true;
    }
}
