using JitFunctions.Domain.Text;
using YamlDotNet.Core;

namespace JitFunctions.PolicyReading;

/// <summary>Collects all errors in the policy files, so that they can be corrected together.</summary>
internal sealed class PolicyErrors
{
    // Nobody reads more errors than this, and all of them are stored in one event.
    private const int Most = 100;

    private const int MostGathered = 1000;

    private readonly List<(string File, Mark At, string Error)> _errors;

    public PolicyErrors()
        : this(string.Empty, []) { }

    private PolicyErrors(string file, List<(string, Mark, string)> errors) => (File, _errors) = (file, errors);

    public string File { get; }

    /// <summary>Returns the same collection for errors in this file.</summary>
    public PolicyErrors In(string file) => new(file, _errors);

    public string Place(Mark at) => $"{File}:{at.Line}";

    public void Add(Mark at, string message) => Gather(at, $"{File}:{at.Line}:{at.Column}: {message}");

    /// <summary>Adds an error about all files together.</summary>
    public void Add(string message) => Gather(Mark.Empty, message);

    /// <summary>Throws if there are errors, in the order of their positions in the files.</summary>
    public void ThrowIfAny()
    {
        if (_errors is [])
            return;
        var ordered = _errors
            .OrderBy(error => error.File, StringComparer.Ordinal)
            .ThenBy(error => error.At.Line)
            .ThenBy(error => error.At.Column);
        List<string> told = [.. ordered.Take(Most).Select(error => Visible(error.Error))];
        if (_errors.Count > Most)
            told.Add("There are more errors than these.");
        throw new InvalidPolicyException(told);
    }

    private void Gather(Mark at, string error)
    {
        if (_errors.Count < MostGathered)
            _errors.Add((File, at, error));
    }

    // Errors quote the file. Each must be one line, without characters that change what a terminal shows.
    private static string Visible(string text) => PlainText.Shown(text);
}

/// <param name="errors">One line each: <c>file:line:column: message</c>.</param>
public sealed class InvalidPolicyException(IReadOnlyList<string> errors)
    : Exception("The policy files are not valid:" + Environment.NewLine + string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
