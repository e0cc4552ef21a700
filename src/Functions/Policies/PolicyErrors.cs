using YamlDotNet.Core;

namespace JitFunctions.Functions.Policies;

/// <summary>Collects all that is wrong with the policy files, so that it can be mended in one go.</summary>
internal sealed class PolicyErrors
{
    // Whoever has more than these does not read on; the whole goes into an event.
    private const int Most = 100;

    private readonly List<string> _errors;

    public PolicyErrors() : this("policies", [])
    {
    }

    private PolicyErrors(string file, List<string> errors) => (File, _errors) = (file, errors);

    public string File { get; }

    /// <summary>The same errors, for what is in this file.</summary>
    public PolicyErrors In(string file) => new(file, _errors);

    public string Place(Mark at) => $"{File}:{at.Line}";

    public void Add(Mark at, string message) => Add($"{File}:{at.Line}:{at.Column}: {message}");

    /// <summary>For what is wrong with all files together.</summary>
    public void Add(string message)
    {
        if (_errors.Count < Most)
            _errors.Add(Visible(message));
        else if (_errors.Count == Most)
            _errors.Add("There are more errors than these.");
    }

    public void ThrowIfAny()
    {
        if (_errors is [_, ..])
            throw new InvalidPolicyException([.. _errors]);
    }

    // Errors quote the file: one line each, and nothing that changes what a terminal shows.
    private static string Visible(string text) => string.Concat(text.Select(c => PlainText.IsDeceptive(c) ? '\uFFFD' : c));
}

/// <param name="errors">One line each: <c>file:line:column: message</c>.</param>
public sealed class InvalidPolicyException(IReadOnlyList<string> errors)
    : Exception("The policy files are not valid:" + Environment.NewLine + string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
