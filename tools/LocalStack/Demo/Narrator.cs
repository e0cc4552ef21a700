namespace JitFunctions.LocalStack;

/// <summary>
/// Prints the demo: titles, the commands as a person would type them, their output, and whether that output is correct.
/// </summary>
internal sealed class Narrator(LocalPlatform platform, TextWriter output, bool isTerminal)
{
    private int _step;

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public void Title(string text) => output.WriteLine($"\n{Paint("1", $"{++_step}. {text}")}");

    public void Say(string text) => output.WriteLine($"   {text}");

    /// <summary>Runs the real kubectl as this person and prints the command and its output.</summary>
    public async Task<Command> KubectlAsync(
        string person,
        IEnumerable<string> arguments,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        var typed = arguments.ToList();
        output.WriteLine($"   {Paint("36", $"{person} $")} kubectl {string.Join(' ', typed.Select(Quoted))}");
        var command = await platform.KubectlAsync(person, typed);
        Show(command.StdOut);
        Show(command.StdErr);
        return command;
    }

    public void Show(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            output.WriteLine($"     {Paint("2", line)}");
    }

    public void Check(bool holds, string claim)
    {
        if (holds)
            Passed++;
        else
            Failed++;
        output.WriteLine(holds ? $"   {Paint("32", "✓")} {claim}" : $"   {Paint("31", "✗ NOT SO:")} {claim}");
    }

    /// <summary>Overwrites the line on a terminal. Otherwise writes a line every five seconds.</summary>
    public void CountDown(int secondsLeft)
    {
        if (isTerminal)
            output.Write($"\r   the grant ends in {secondsLeft, 3} s ");
        else if (secondsLeft % 5 == 0)
            output.WriteLine($"   the grant ends in {secondsLeft} s");
    }

    public void EndCountDown()
    {
        if (isTerminal)
            output.Write("\r\u001b[K");
    }

    private static string Quoted(string argument) => argument.Any(char.IsWhiteSpace) ? $"\"{argument}\"" : argument;

    private string Paint(string code, string text) => isTerminal ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
