namespace JitFunctions.EvidenceFiles;

/// <summary>
/// The files of an evidence archive beside those of an export of the whole log: docs/evidence.md describes them.
/// </summary>
public static class EvidenceNames
{
    public const string Readme = "README.md";

    /// <summary>The period and the counts, for programs.</summary>
    public const string About = "evidence.json";

    public const string Population = "population.csv";

    public const string Exceptions = "exceptions.csv";

    public const string ControlsTable = "controls.csv";

    public const string Controls = "controls.md";

    /// <summary>The folder with one folder for each request of the population.</summary>
    public const string Grants = "grants/";

    public const string Events = "events.ndjson";

    public const string DossierJson = "dossier.json";

    public const string DossierPage = "dossier.html";

    private const string ProofExtension = ".tlog-proof";

    public static string Of(string request, string file) => $"{Grants}{request}/{file}";

    public static string ProofOf(string request, long index) => Of(request, $"{index}{ProofExtension}");
}
