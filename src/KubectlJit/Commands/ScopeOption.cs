using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// <c>--scope</c>: the scope hash that the reviewer has already seen. A review of anything else fails.
/// </summary>
internal sealed partial class ScopeOption
{
    private const string Algorithm = "sha256:";

    private readonly Option<string?> _scope = new("--scope")
    {
        Description = "Only if the scope has this hash: the whole hash, or at least its first 8 digits",
        HelpName = "hash",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_scope);
        _scope.Validators.Add(option =>
        {
            if (!Form().IsMatch(option.GetValueOrDefault<string>() ?? ""))
                option.AddError("--scope takes sha256:… as shown, or at least its first 8 digits");
        });
    }

    public bool Given(CommandResult result) => result.GetResult(_scope) is not null;

    /// <exception cref="Failure">The scope is a different one, or the given text matches more than one.</exception>
    public void Check(ParseResult parsed, ReviewSubject subject)
    {
        if (parsed.GetValue(_scope) is not { } text)
            return;
        var wanted = text.StartsWith(Algorithm, StringComparison.Ordinal) ? text : Algorithm + text;
        string?[] known = [subject.Request.Scope, subject.Request.Extension?.Scope];
        if (!IsMeant(subject.Scope))
            throw Another(subject, "the scope is another one than --scope names");
        if (known.Distinct().Count(IsMeant) > 1)
            throw Another(subject, "--scope may mean two scopes of this request");

        bool IsMeant(string? scope) => scope?.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) is true;
    }

    private static Failure Another(ReviewSubject subject, string what) =>
        new(ExitCode.WrongState, what, Problem.ScopeChanged, "nothing was sent; look at the request again, then decide")
        {
            Details = [$"its scope now: {subject.Scope ?? "none"}"],
        };

    [GeneratedRegex(@"\A(?:sha256:)?[0-9a-fA-F]{8,64}\z")]
    private static partial Regex Form();
}
