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
    /// <summary>Whether it is the server's own words, and no table.</summary>
    public static bool IsDocument(this OutputFormat format) => format is OutputFormat.Json or OutputFormat.Yaml;
}
