using YamlDotNet.Core;

namespace JitFunctions.Functions.Policies;

/// <summary>Collects all that is wrong with a policy file, so that it can be mended in one go.</summary>
internal sealed class PolicyErrors(string file)
{
    private readonly List<string> _errors = [];

    public void Add(Mark at, string message) => _errors.Add($"{file}:{at.Line}:{at.Column}: {message}");

    public void ThrowIfAny()
    {
        if (_errors is [_, ..])
            throw new InvalidPolicyException(_errors);
    }
}

/// <param name="errors">One line each: <c>file:line:column: message</c>.</param>
public sealed class InvalidPolicyException(IReadOnlyList<string> errors)
    : Exception("The policy file is not valid:" + Environment.NewLine + string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}
