using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace JitFunctions.KubectlJit.Terminal;

/// <summary>
/// What a run takes from its surroundings. A test hands in its own, and so runs the whole program in its process.
/// </summary>
internal sealed record Shell(TextWriter Out, TextWriter Error, Func<string, string?> Variable, TimeProvider Clock)
{
    /// <summary>What tables fit into where nothing else is known.</summary>
    public const int UsualColumns = 80;

    public bool Colours { get; init; }

    /// <summary>How many columns a line of standard output may have.</summary>
    public int Columns { get; init; } = UsualColumns;

    /// <summary>Where a person types; null when standard input is not a terminal, and so nobody can be asked.</summary>
    public TextReader? Keyboard { get; init; }

    /// <summary>What calls to other machines go through, as HTTPS_PROXY, ALL_PROXY and NO_PROXY say.</summary>
    public IWebProxy? Proxy { get; init; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static Shell OfThisProcess()
    {
        LeaveKeypadAsItIs();
        return new(Console.Out, Console.Error, Environment.GetEnvironmentVariable, TimeProvider.System)
        {
            Colours =
                !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
            Columns = ColumnsOfThisProcess(),
            Keyboard = Console.IsInputRedirected ? null : Keys(),
            Proxy = HttpClient.DefaultProxy,
        };
    }

    /// <summary>The variable's value; an empty one counts as unset, as in most tools.</summary>
    public string? NonEmpty(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// When it is first used, Console switches a terminal into application-keypad mode, and nothing switches it back.
    /// It has the sequence for that from terminfo, which TERM leads to, and reads it once; the programs that we start
    /// keep their TERM.
    /// </summary>
    private static void LeaveKeypadAsItIs()
    {
        var term = Environment.GetEnvironmentVariable("TERM");
        Environment.SetEnvironmentVariable("TERM", null);
        using (var output = Console.OpenStandardOutput())
            output.Write([]);
        Environment.SetEnvironmentVariable("TERM", term);
    }

    /// <summary>
    /// The terminal edits and echoes the line itself. <see cref="Console.In"/> would do that by terminfo.
    /// </summary>
    private static StreamReader Keys() =>
        new(
            new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0),
            new UTF8Encoding()
        );

    private static int ColumnsOfThisProcess()
    {
        if (
            int.TryParse(
                Environment.GetEnvironmentVariable("COLUMNS"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var told
            )
            && told > 0
        )
            return told;
        // A terminal that does not know its size says 0.
        return !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : UsualColumns;
    }
}
