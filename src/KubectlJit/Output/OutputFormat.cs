namespace JitFunctions.KubectlJit.Output;

internal enum OutputFormat
{
    Table,
    Json,
    Yaml,
}
