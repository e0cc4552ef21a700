namespace JitFunctions.LocalStack;

/// <param name="Scratch">The folder to remove if this process ends without stopping the child.</param>
/// <param name="Log">The file to which both outputs are appended.</param>
public sealed record ProcessPlan(string FileName, IReadOnlyList<string> Arguments, string Scratch, string Log)
{
    private const int TailLines = 30;

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The name of the signal that asks the process to end, without the prefix SIG.</summary>
    public string Farewell { get; init; } = "TERM";

    internal InvalidOperationException Failure(string what)
    {
        var tail = File.Exists(Log) ? File.ReadLines(Log).TakeLast(TailLines) : [];
        return new InvalidOperationException(
            $"{Path.GetFileName(FileName)} {what}. The end of {Log}:\n{string.Join('\n', tail)}"
        );
    }
}
