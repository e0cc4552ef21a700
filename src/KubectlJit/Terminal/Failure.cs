namespace JitFunctions.KubectlJit.Terminal;

/// <summary>
/// Ends the run with an exit code and one line that says what is wrong and what to do, followed by details.
/// </summary>
internal sealed class Failure(ExitCode exitCode, string what, string code, string? remedy, Exception? cause = null)
    : Exception(what, cause)
{
    public ExitCode ExitCode { get; } = exitCode;

    public string Code { get; } = code;

    public IReadOnlyList<string> Details { get; init; } = [];

    public static Failure Usage(string what, string remedy) => new(ExitCode.Usage, what, "usage", remedy);

    public static Failure NotSignedIn(string what, string code, string remedy, Exception? cause = null) =>
        new(ExitCode.NotSignedIn, what, code, remedy, cause);

    public static Failure BadAnswer(System.Text.Json.JsonException cause) =>
        new(
            ExitCode.Unexpected,
            $"the server's answer is not what its API promises: {cause.Message}",
            "bad-answer",
            "check the server's address and version"
        );

    public Failure With(string detail) =>
        new(ExitCode, Message, Code, remedy, InnerException) { Details = [.. Details, detail] };

    /// <param name="subject">The one of several subjects for which the action failed.</param>
    public Failure About(string subject) =>
        new(ExitCode, $"{subject}: {Message}", Code, remedy, InnerException) { Details = Details };

    public void WriteTo(TextWriter error)
    {
        error.WriteLine(
            remedy is null
                ? $"error: {Printable.Text(Message)} ({Printable.Text(Code)})"
                : $"error: {Printable.Text(Message)} ({Printable.Text(Code)}): {Printable.Text(remedy)}"
        );
        foreach (var detail in Details)
            error.WriteLine($"  {Printable.Text(detail)}");
    }
}
