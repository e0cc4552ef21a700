using System.CommandLine;
using JitFunctions.KubectlJit.Output;

namespace JitFunctions.KubectlJit.Commands;

/// <summary><c>--wait</c> and its limit.</summary>
internal sealed class WaitOptions
{
    private readonly Option<bool> _wait = new("--wait")
    {
        Description = "Wait until the rights are active or can no longer become so; progress goes to standard error",
    };

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "With --wait: give up after this time, such as 10m (the request stays as it is)",
        HelpName = "duration",
        CustomParser = result =>
        {
            if (Durations.TryParse(result.Tokens[0].Value, out var timeout))
                return timeout;
            result.AddError($"--timeout takes a duration such as 90s, 10m or 1h30m, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_wait);
        command.Options.Add(_timeout);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_timeout) is not null && !result.GetValue(_wait))
                result.AddError("--timeout needs --wait");
        });
    }

    public bool Wait(ParseResult parsed) => parsed.GetValue(_wait);

    public TimeSpan? Timeout(ParseResult parsed) => parsed.GetValue(_timeout);
}
