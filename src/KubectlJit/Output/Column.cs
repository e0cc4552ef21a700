using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Output;

/// <summary>A column of a table.</summary>
/// <param name="Shown">The tables that contain the column.</param>
/// <param name="Least">
/// The minimum width in terminal columns to which it may be shortened, so that the table fits. By default it is never
/// shortened.
/// </param>
/// <param name="Preferred">The width that it keeps while another column can be shortened instead.</param>
/// <param name="Most">The maximum width in a wide table.</param>
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

    /// <summary>Only in the table that fits a terminal. Usually a short form of several other columns.</summary>
    Narrow,

    /// <summary>Only in the wide table and in CSV.</summary>
    Wide,
}
