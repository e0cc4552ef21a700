namespace JitFunctions.KubectlJit;

/// <summary>What a run takes from its surroundings. A test hands in its own, and so runs the whole program in its process.</summary>
internal sealed record Shell(TextWriter Out, TextWriter Error, Func<string, string?> Variable, TimeProvider Clock)
{
    public bool Colours { get; init; }

    /// <summary>Where a person types; null when standard input is not a terminal, and so nobody can be asked.</summary>
    public TextReader? Keyboard { get; init; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static Shell OfThisProcess() =>
        new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System)
        {
            Colours = !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
            Keyboard = Console.IsInputRedirected ? null : Console.In,
        };

    /// <summary>The variable's value; an empty one counts as unset, as in most tools.</summary>
    public string? NonEmpty(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;
}
