using System.Diagnostics;
using OpenTelemetry;

namespace JitFunctions.Functions.Platform.Telemetry;

/// <summary>
/// Shortens an SQL statement to the part that identifies it: complete statements would be most of the exported data.
/// </summary>
internal sealed class ShortStatements : BaseProcessor<Activity>
{
    public const int Longest = 100;
    private const string Statement = "db.query.text";

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != "Npgsql")
            return;
        if (data.GetTagItem(Statement) is string { Length: > Longest } text)
            data.SetTag(Statement, text[..Longest]);
        data.SetTag("db.npgsql.data_source", null); // The connection string without its password, in each span.
    }
}
