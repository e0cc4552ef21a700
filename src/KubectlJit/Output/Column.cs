using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>A column of a table.</summary>
/// <param name="Shown">In which tables it is.</param>
/// <param name="Least">How few columns of a terminal it may be shortened to, so that the table fits; by default it
/// never is.</param>
/// <param name="Preferred">How many it keeps for as long as another column can still be shortened instead.</param>
/// <param name="Most">How many it has in a wide table at most.</param>
internal sealed record Column(
    string Header,
    Shown Shown = Shown.Always,
    int Least = int.MaxValue,
    int Preferred = 0,
    int Most = int.MaxValue
)
{
    public bool IsIn(OutputFormat format) =>
        Shown switch
        {
            Shown.Narrow => format is OutputFormat.Table,
            Shown.Wide => format is not OutputFormat.Table,
            _ => true,
        };
}

internal enum Shown
{
    Always,

    /// <summary>Only in the table that fits a terminal, mostly as several others in short.</summary>
    Narrow,

    /// <summary>Only in the wide table and in CSV.</summary>
    Wide,
}
