namespace JitFunctions.KubectlJit.Terminal;

internal enum OutputFormat
{
    Table,
    Wide,
    Csv,
    Json,
    Yaml,
}

internal static class OutputFormats
{
    /// <summary>Whether the format prints the server's JSON instead of a table.</summary>
    public static bool IsDocument(this OutputFormat format) => format is OutputFormat.Json or OutputFormat.Yaml;
}
