using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace JitFunctions.KubectlJit.Terminal;

/// <summary>
/// The environment of a run. Tests pass their own, so that they can run the whole program in their process.
/// </summary>
internal sealed record Shell(TextWriter Out, TextWriter Error, Func<string, string?> Variable, TimeProvider Clock)
{
    /// <summary>The width of tables when the width of the terminal is unknown.</summary>
    public const int UsualColumns = 80;

    public bool Colours { get; init; }

    /// <summary>The maximum width of a line on standard output.</summary>
    public int Columns { get; init; } = UsualColumns;

    /// <summary>
    /// The input of a person. Null when standard input is not a terminal, so that nobody can be asked.
    /// </summary>
    public TextReader? Keyboard { get; init; }

    /// <summary>The proxy for calls to other machines, from HTTPS_PROXY, ALL_PROXY and NO_PROXY.</summary>
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

    /// <summary>The value of the variable. An empty value counts as unset, as in most tools.</summary>
    public string? NonEmpty(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;

    /// <summary>
    /// On first use, Console switches a terminal into application-keypad mode and never switches it back. It reads the
    /// sequence for that once from terminfo, which it finds by TERM. Programs that the plugin starts keep their TERM.
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
    /// The terminal edits and echoes the line itself. <see cref="Console.In"/> would use terminfo for that.
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
        // A terminal that does not know its size reports 0.
        return !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : UsualColumns;
    }
}
