using System.CommandLine;
using JitFunctions.KubectlJit.Api;
using JitFunctions.KubectlJit.Output;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Commands;

/// <summary>
/// <c>approve</c> and <c>deny</c>: reads what waits for a review, shows it, and sends the scope hash of what was shown.
/// Several requests can be denied at once, but not approved: each approval needs its own decision.
/// </summary>
internal sealed class ReviewCommand : Command
{
    private readonly Argument<string> _id = RequestIdArgument.Argument();
    private readonly Argument<string[]> _ids = RequestIdArgument.Several();
    private readonly ScopeOption _scope = new();
    private readonly NarrowOptions _narrow = new();
    private readonly Option<string?> _comment = new("--comment")
    {
        Description = "What the requester and auditors should know",
        HelpName = "text",
    };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask for confirmation" };
    private readonly string _verdict;
    private readonly GlobalOptions _globals;
    private readonly Shell _shell;

    public ReviewCommand(string verdict, string description, GlobalOptions globals, Shell shell)
        : base(verdict, description)
    {
        (_verdict, _globals, _shell) = (verdict, globals, shell);
        Arguments.Add(Approves ? _id : _ids);
        _scope.AddTo(this);
        Options.Add(_comment);
        if (Approves)
        {
            _narrow.AddTo(this);
            Options.Add(_yes);
        }

        Validators.Add(result =>
        {
            if (result.GetResult(_ids) is { Tokens.Count: > 1 } && _scope.Given(result))
                result.AddError("--scope is about one request: name one, or leave it out");
        });
        SetAction(RunAsync);
    }

    private bool Approves => _verdict is Review.Approve;

    private async Task RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var narrowing = Approves ? _narrow.Read(parsed) : null;
        using var server = _globals.Connect(parsed, _shell);
        await new EachRequest(_shell, _globals.Format(parsed)).RunAsync(
            Approves ? [parsed.GetValue(_id)!] : parsed.GetValue(_ids)!,
            async text =>
            {
                var subject = ReviewSubject.Of(
                    (await server.ShowAsync(await server.FindIdAsync(text, cancel), cancel)).Request
                );
                new ReviewSummary(_shell).Write(_verdict, subject, narrowing);
                Check(parsed, subject, narrowing);
                if (Approves && !parsed.GetValue(_yes) && _shell.Keyboard is { } keyboard)
                    await AskAsync(keyboard, cancel);
                return await SendAsync(
                    server,
                    subject,
                    new NewReview(_verdict, subject.Scope, parsed.GetValue(_comment), narrowing),
                    cancel
                );
            }
        );
    }

    private void Check(ParseResult parsed, ReviewSubject subject, Narrowing? narrowing)
    {
        if (Approves && subject.Scope is null)
        {
            throw new Failure(
                ExitCode.Unexpected,
                "the server does not say which scope an approval would be for",
                "no-scope",
                "nothing was sent; the server is older than this plugin: ask the platform team to update it"
            );
        }

        _scope.Check(parsed, subject);
        if (narrowing is not null && subject is not ReviewSubject.Asked)
        {
            throw new Failure(
                ExitCode.WrongState,
                "only a request can be narrowed, not an extension or what break-glass did",
                "not-narrowable",
                "nothing was sent; approve it as it is, or deny it"
            );
        }
    }

    private async Task AskAsync(TextReader keyboard, CancellationToken cancel)
    {
        await _shell.Error.WriteAsync("Approve? [y/N] ");
        await _shell.Error.FlushAsync(cancel);

        // A read from a terminal cannot be cancelled before the end of the line, so only the wait for it is cancelled.
        var answer = await Task.Run(keyboard.ReadLine, CancellationToken.None).WaitAsync(cancel);
        if (answer?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            throw new Failure(ExitCode.Interrupted, "not approved", "interrupted", "nothing was sent");
    }

    private static async Task<Snapshot> SendAsync(
        JitConnection server,
        ReviewSubject subject,
        NewReview review,
        CancellationToken cancel
    )
    {
        try
        {
            return await server.ReviewAsync(subject.Request.Id, review, cancel);
        }
        catch (Failure failure) when (failure.Code is Problem.ScopeChanged)
        {
            throw failure
                .With($"what you saw:  {review.Scope}")
                .With(
                    $"it has changed since; look at it again and decide:  kubectl jit {review.Verdict} "
                        + $"{subject.Request.Id}"
                );
        }
    }
}
